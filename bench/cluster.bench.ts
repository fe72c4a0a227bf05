import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { LargeCluster } from "./large-cluster.js";
import { compare, flamingo, peakMiB } from "./measure.js";
import { recordRequests } from "./requests.js";
import { record, timesAsLong } from "./row.js";
import { bundled, temporary } from "./workplace.js";

const pairs = 7;
const lists = [
  "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
  "/apis/source.toolkit.fluxcd.io/v1/gitrepositories",
];
const command = "generate-app --all -A --export";

let cluster: Awaited<ReturnType<typeof LargeCluster.start>>;
let peakOf10000: number;

beforeAll(async () => {
  cluster = await LargeCluster.start();
  await cluster.haveKustomizations(10_000);
});

afterAll(() => cluster?.stop());

test.for([
  ["json", "≤ 1.5"],
  ["yaml", "≤ 4"],
] as const)("10,000 Kustomizations, -o %s", async ([format, goal], context) => {
  const server = temporary("server.json");
  const { server: url, authority, tokens } = cluster.connection;
  writeFileSync(server, JSON.stringify({ url, ca: authority.cert, token: tokens.admin }));
  const onlyReading = { args: [await bundled("read-lists"), ...lists], env: { BENCH_SERVER: server } };
  const program = flamingo(`${command} -o ${format}`, cluster.kubeconfig());
  const comparison = await compare(program, onlyReading, pairs);
  const what = `10,000 Kustomizations, \`-o ${format}\` : only reading the lists`;
  record(context, timesAsLong(what, comparison, goal));
});

test("requests for 10,000 Kustomizations", async (context) => {
  await recordRequests(
    context,
    cluster,
    `${command} -o json`,
    lists,
    "21 pages; discovery and the look at Argo CD",
  );
});

test("memory for 10,000 Kustomizations", async (context) => {
  peakOf10000 = await peakMiB(flamingo(`${command} -o json`, cluster.kubeconfig()));
  record(context, { what: "… peak memory", measured: `${peakOf10000.toFixed(0)} MiB`, goal: "≤ 200 MiB" });
});

test("memory for 20,000 Kustomizations", async (context) => {
  await cluster.haveKustomizations(20_000);
  const peak = await peakMiB(flamingo(`${command} -o json`, cluster.kubeconfig()));
  record(context, {
    what: "… peak memory for 20,000 : for 10,000",
    measured: (peak / peakOf10000).toFixed(2),
    goal: "≤ 1.10",
    medians: `${peak.toFixed(0)} MiB : ${peakOf10000.toFixed(0)} MiB`,
  });
});
