import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { LargeCluster } from "./large-cluster.js";
import { compare, flamingo, peakMiB } from "./measure.js";
import { recordRequests } from "./requests.js";
import { record, timesAsLong } from "./row.js";
import { bundled, temporary } from "./workplace.js";

const pairs = 7;
const lists = [
  "/apis/argoproj.io/v1alpha1/applications",
  "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
  "/apis/source.toolkit.fluxcd.io/v1/gitrepositories",
];

let cluster: Awaited<ReturnType<typeof LargeCluster.start>>;

beforeAll(async () => {
  cluster = await LargeCluster.start();
  await cluster.haveApplications(5000);
});

afterAll(() => cluster?.stop());

test.for(["table", "json"])("get -A of 5,000 Applications, -o %s", async (format, context) => {
  const server = temporary("server.json");
  const { server: url, authority, tokens } = cluster.connection;
  writeFileSync(server, JSON.stringify({ url, ca: authority.cert, token: tokens.admin }));
  const onlyReading = { args: [await bundled("read-lists"), ...lists], env: { BENCH_SERVER: server } };
  const program = flamingo(`get -A -o ${format}`, cluster.kubeconfig());
  const what = `\`get -A -o ${format}\` of 5,000 Applications and Kustomizations : only reading the lists`;
  record(context, timesAsLong(what, await compare(program, onlyReading, pairs), "≤ 1.5"));
});

test("requests for 5,000 Applications", async (context) => {
  await recordRequests(context, cluster, "get -A -o json", lists, "21 pages; discovery and the Lease");
});

test("memory for 5,000 Applications", async (context) => {
  const peak = await peakMiB(flamingo("get -A -o json", cluster.kubeconfig()));
  record(context, { what: "… peak memory", measured: `${peak.toFixed(0)} MiB`, goal: "≤ 350 MiB" });
});
