import type { TestContext } from "vitest";
import { startProxy } from "../test/cluster/proxy.js";
import type { LargeCluster } from "./large-cluster.js";
import { flamingo, printTo } from "./measure.js";
import { record } from "./row.js";
import { temporary } from "./workplace.js";

/**
 * Adds a line with how many requests a command takes: pages of these lists, and others.
 *
 * @param goal in words
 */
export async function recordRequests(
  context: TestContext,
  cluster: LargeCluster,
  commandLine: string,
  lists: readonly string[],
  goal: string,
): Promise<void> {
  const proxy = await startProxy(cluster);
  await printTo(temporary("applications.json"), flamingo(commandLine, proxy.kubeconfig()));
  await proxy.stop();
  const paths = proxy.requests.map(({ path }) => path);
  const others = paths.filter((path) => !lists.includes(path));
  record(context, {
    what: "… requests",
    measured: `${paths.length - others.length} pages, ${others.length} others`,
    goal,
    medians: others.map((path) => path.replace(/.*\//, "")).join(", "),
  });
}
