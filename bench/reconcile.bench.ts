import { afterAll, beforeAll, test } from "vitest";
import { startFlux } from "./flux-stand-in.js";
import { LargeCluster } from "./large-cluster.js";
import { compare, flamingo } from "./measure.js";
import { kustomization } from "./objects.js";
import { record, timesAsLong } from "./row.js";

const count = 500;
const slowestMs = 20_000;

const { name: slowest, namespace } = kustomization(count - 1).metadata;
const indexes = new Map(
  Array.from({ length: count }, (_, index) => [kustomization(index).metadata.name, index]),
);

let cluster: Awaited<ReturnType<typeof LargeCluster.start>>;
let flux: ReturnType<typeof startFlux>;

beforeAll(async () => {
  cluster = await LargeCluster.start();
  await cluster.haveKustomizations(count);
  // from a second to the slowest, evenly
  const takesMs = (index: number) => 1000 + ((slowestMs - 1000) * index) / (count - 1);
  flux = startFlux(cluster, (name) => indexes.get(name) ?? 0, takesMs);
});

afterAll(async () => {
  flux?.stop();
  await cluster?.stop();
});

test("reconciling 500 workloads", async (context) => {
  const all = flamingo("reconcile --all -A --timeout 5m", cluster.kubeconfig());
  const one = flamingo(`reconcile ks/${slowest} -n ${namespace} --timeout 5m`, cluster.kubeconfig());
  const comparison = await compare(all, one, 2);
  record(context, timesAsLong("reconciling 500 workloads : the slowest of them", comparison, "≤ 1.2"));
});
