/** What Argo CD's environment tells of its redis, by a server that is really told so; the rig's own Argo CD is told nothing. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { expect, onTestFinished } from "vitest";
import type { ApplicationTree } from "../../src/argo/application-tree.js";
import { flamingo } from "../flamingo.js";
import { startRedis } from "../loopback/redis-server.js";
import { anotherArgocd } from "./another-argocd.js";
import type { Argocd } from "./argocd.js";
import { setData } from "./argocd-settings.js";
import { e2eTest, type Rig } from "./e2e.js";
import { loopback } from "./run.js";
import { show, treeShown } from "./shown.js";

/** In the ConfigMap from which Argo CD's Deployments have these variables, and flamingo what they say. */
const tell = (rig: Rig, data: Record<string, string>) => setData(rig, "argocd-cmd-params-cm", data);

function podsIn(tree: readonly string[]): string[] {
  return tree.filter((line) => line.startsWith("Pod/"));
}

/** An open page of an Application, which is handed a tree whenever redis says that there is another. It is closed with the test. */
function openPage(argocd: Argocd, application: string): { pods: number | undefined } {
  const page: ReturnType<typeof openPage> = { pods: undefined };
  const closed = new AbortController();
  onTestFinished(() => closed.abort());
  read().catch((error: unknown) => {
    if (!closed.signal.aborted) throw error;
  });
  return page;

  async function read(): Promise<void> {
    const url = `${argocd.url}/api/v1/stream/applications/${application}/resource-tree`;
    const headers = { accept: "text/event-stream" };
    const { body } = await fetch(url, { headers, signal: closed.signal });
    const input = Readable.fromWeb(body as ReadableStream);
    for await (const line of createInterface({ input })) {
      if (!line.startsWith("data: ")) continue;
      const { result } = JSON.parse(line.slice("data: ".length)) as { result: ApplicationTree };
      page.pods = result.nodes.filter(({ kind }) => kind === "Pod").length;
    }
  }
}

e2eTest("keys have the prefix of the environment, notices to open pages have none", async ({ rig }) => {
  const name = "redis-prefix";
  const prefix = "shop:";
  await tell(rig, { "redis.key.prefix": prefix });
  const argocd = await anotherArgocd(rig, {
    flags: { "disable-auth": "true" },
    env: { ARGOCD_REDIS_KEY_PREFIX: prefix },
  });
  const shown = await show(rig, name);
  loopback(rig);
  await expect.poll(shown.state).toMatchObject({ sync: "Synced", health: "Healthy" });
  await expect.poll(async () => podsIn(await treeShown(argocd, name))).toHaveLength(1);

  const page = openPage(argocd, name);
  await shown.scale(2);
  await expect.poll(() => page.pods).toBe(2);
  expect(await rig.redis.command("KEYS", `app|*|${name}|*`)).toEqual([]);
});

e2eTest("Sentinels that Argo CD is told of by its environment lead to redis", async ({ rig }) => {
  const name = "redis-sentinels";
  const [host, port] = rig.redis.address.split(":");
  const sentinel = await startRedis({
    sentinel: true,
    lines: [
      `sentinel monitor argocd ${host} ${port} 1`,
      `sentinel auth-pass argocd ${await rig.redis.password()}`,
    ],
  });
  const [hosts, master] = [`127.0.0.1:${sentinel.port}`, "argocd"];
  await tell(rig, { "redis.sentinel.hosts": hosts, "redis.sentinel.master": master });
  const argocd = await anotherArgocd(rig, {
    flags: { "disable-auth": "true", redis: "127.0.0.1:1" },
    env: { REDIS_SENTINEL_HOSTS: hosts, REDIS_SENTINEL_MASTER: master },
  });
  await show(rig, name);
  // only from inside of a cluster it asks Sentinels
  const inCluster = { KUBERNETES_SERVICE_HOST: "127.0.0.1" };
  const kubeconfig = rig.cluster.kubeconfig();
  const reported = await flamingo("loopback --once", { kubeconfig, ticking: true, env: inCluster });
  expect(reported).toMatchObject({ exitCode: 0 });
  expect(podsIn(await treeShown(argocd, name))).toHaveLength(1);
});
