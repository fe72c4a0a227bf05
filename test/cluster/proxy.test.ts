import { afterAll, beforeEach, describe, expect } from "vitest";
import { clusterTest, sharedCluster } from "./cluster.js";
import { asOlderServer, startProxy } from "./proxy.js";
import { createRequester, type Requester } from "./request.js";

const path = "/api/v1/namespaces/kube-system";

describe("the fault proxy", async () => {
  const cluster = await sharedCluster();
  const proxy = cluster && (await startProxy(cluster));
  afterAll(() => proxy?.stop());
  beforeEach(() => {
    proxy?.decide(() => "pass");
    proxy?.forget();
  });
  const proxyTest = clusterTest.extend<{ send: Requester }>({
    send: async ({ cluster: { connection } }, use) => {
      await use(
        createRequester(proxy?.server ?? "", {
          ca: connection.authority.cert,
          token: connection.tokens.admin,
        }),
      );
    },
  });

  proxyTest("passes requests on and counts them", async ({ send }) => {
    proxy?.decide(() => ({ delayMs: 50 }));
    const answers = await Promise.all([send("GET", `${path}?a=1`), send("GET", path), send("GET", path)]);
    expect(answers[0]).toMatchObject({ status: 200, body: { metadata: { name: "kube-system" } } });
    expect(proxy).toMatchObject({ maxInFlight: 3, connections: 3 });
    expect(proxy?.requests.filter(({ query }) => query.get("a") === "1")).toMatchObject([
      { method: "GET", path },
    ]);
    proxy?.forget();
    await send("PATCH", path, { body: {}, headers: { "content-type": "application/merge-patch+json" } });
    expect(proxy).toMatchObject({ maxInFlight: 1, connections: 0, requests: [{ method: "PATCH" }] });
  });

  proxyTest("answers itself", async ({ send }) => {
    proxy?.decide((request) => (request.path === path ? { status: 503, body: { message: "soon" } } : "pass"));
    expect(await send("GET", path)).toEqual({ status: 503, body: { message: "soon" } });
    expect((await send("GET", "/version")).status).toBe(200);
  });

  proxyTest.for(["reset", { truncateAfterBytes: 100 }, { truncateAfterBytes: 0 }] as const)(
    "breaks off: %o",
    async (fate, { send }) => {
      proxy?.decide(() => fate);
      await expect(send("GET", path)).rejects.toMatchObject({ code: "ECONNRESET" });
    },
  );

  proxyTest("hangs until it is stopped", async ({ cluster, send }) => {
    const hanging = await startProxy(cluster, () => "hang");
    const { connection } = cluster;
    const ask = createRequester(hanging.server, {
      ca: connection.authority.cert,
      token: connection.tokens.admin,
    });
    const failed = ask("GET", path).catch((error: NodeJS.ErrnoException) => error.code);
    expect(await Promise.race([failed, send("GET", path).then(() => "the other was quicker")])).toMatch(
      "other",
    );
    await hanging.stop();
    expect(await failed).toBe("ECONNRESET");
    await expect(ask("GET", path)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  proxyTest("makes the API server look older", async ({ send }) => {
    const accept =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;q=0.9";
    const kind = async () =>
      ((await send("GET", "/apis", { headers: { accept } })).body as { kind: string }).kind;
    expect(await kind()).toBe("APIGroupDiscoveryList");
    proxy?.decide(asOlderServer);
    expect(await kind()).toBe("APIGroupList");
  });
});
