import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { LargeCluster } from "./large-cluster.js";
import { withLatency } from "./latency.js";
import { compare, flamingo, printTo } from "./measure.js";
import { record, timesAsLong } from "./row.js";
import { bundled, temporary } from "./workplace.js";

const applications = temporary("applications.json");
let cluster: Awaited<ReturnType<typeof LargeCluster.start>>;

beforeAll(async () => {
  cluster = await LargeCluster.start();
  await cluster.haveKustomizations(1000);
  await printTo(applications, flamingo("generate-app --all -A --export -o json", cluster.kubeconfig()));
});

afterAll(() => cluster?.stop());

test("applying 1,000 Applications", async (context) => {
  const comparison = await compareApplying(cluster.server, 5);
  record(context, timesAsLong("applying 1,000 Applications : one after the other", comparison, "≤ 0.5"));
});

test("applying 1,000 Applications, 20 ms away", async (context) => {
  const { server, stop } = await withLatency(cluster.server, 20);
  const comparison = await compareApplying(server, 3);
  stop();
  record(context, timesAsLong("… 20 ms away", comparison, "≤ 0.125"));
});

async function compareApplying(url: string, pairs: number) {
  const server = temporary("server.json");
  const { authority, tokens } = cluster.connection;
  writeFileSync(server, JSON.stringify({ url, ca: authority.cert, token: tokens.admin }));
  const oneByOne = {
    args: [await bundled("apply-one-by-one"), applications],
    env: { BENCH_SERVER: server },
  };
  const program = flamingo("generate-app --all -A", cluster.kubeconfig({ server: url }));
  return compare(program, oneByOne, pairs, deleteApplications);
}

/** So that each run creates them. */
async function deleteApplications(): Promise<void> {
  const path = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
  const { status } = await cluster.request("DELETE", path);
  if (status !== 200) throw new Error(`DELETE ${path} answered ${status}`);
}
