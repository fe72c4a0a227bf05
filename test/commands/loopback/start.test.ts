import { describe, expect, onTestFinished } from "vitest";
import { clusterTest, type TestCluster } from "../../cluster/cluster.js";
import { type Fate, type SeenRequest, startProxy } from "../../cluster/proxy.js";
import { spawnFlamingo } from "../../spawn.js";

describe("loopback ends while it still reads what there is", () => {
  const isList = ({ query }: SeenRequest) => query.has("limit");

  /** A process of its own, whose lists come to this. */
  async function start(cluster: TestCluster, flags: string, fateOf: (list: SeenRequest) => Fate) {
    await cluster.createNamespace("loopback-start");
    const proxy = await startProxy(cluster, (request) => (isList(request) ? fateOf(request) : "pass"));
    onTestFinished(() => proxy.stop());
    const line = `loopback -N loopback-start --kubeconfig ${proxy.kubeconfig()} ${flags}`;
    return { proxy, ...spawnFlamingo(line.trim().split(" ")) };
  }

  clusterTest.for(["", "--once", "--dry-run", "--dry-run --once"])(
    'for a bug, with "%s"',
    async (flags, { cluster }) => {
      const withoutMetadata = { status: 200, body: { kind: "ServiceList", items: [{}] } };
      const { ended } = await start(cluster, flags, ({ path }) =>
        path === "/api/v1/services" ? withoutMetadata : "pass",
      );
      const { exitCode, stderr } = await ended;
      expect(exitCode).toBe(70);
      expect(stderr).toMatch(/✗ This is a bug of flamingo .*: TypeError: .*namespace/);
    },
  );

  clusterTest("for Ctrl-C, when no list comes", async ({ cluster }) => {
    const { proxy, child, ended } = await start(cluster, "--dry-run", () => "hang");
    // Applications first, and beside them what Argo CD calls its own cluster
    await expect.poll(() => proxy.requests.filter(isList).length, { timeout: 20_000 }).toBe(2);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ exitCode: 130, stderr: "✗ Interrupted\n" });
  });
});
