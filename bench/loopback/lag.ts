import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { Application } from "../../src/argo/application.js";
import type { TestCluster } from "../../test/cluster/test-cluster.js";
import { redisCommand } from "../../test/e2e/redis-client.js";
import { commitOf, kustomizationStatus, sourceStatus } from "./flux-objects.js";
import { forEach, write } from "./load.js";
import type { WatchedApplications } from "./watched-applications.js";
import { nameOf } from "./workload.js";

export interface Lags {
  /** from the request that changes a Kustomization's status to the Application that shows it, seen by another client */
  ms: number[];
  /** of those, how many had the new tree in redis when the Application was seen */
  withTree: number;
}

export interface LagNeeds {
  cluster: TestCluster;
  watched: WatchedApplications;
  redis: { port: number; password: string };
  /** another one each time: which revision it is that Flux applies */
  round: number;
  count: number;
  /** between two changes; without it each waits for the one before */
  everyMs?: number;
}

/**
 * What happens when Flux applies a commit: the source has it already, and the Application says OutOfSync. Then the
 * Kustomization's status changes, and the Application is to say Synced and name the commit.
 */
export async function measureLags({
  cluster,
  watched,
  redis,
  round,
  count,
  everyMs,
}: LagNeeds): Promise<Lags> {
  const at = new Date(Date.UTC(2026, 1, round)).toISOString().replace(".000Z", "Z");
  await forEach(count, async (index) => {
    await writeStatus(
      cluster,
      sourcePath(nameOf(index)),
      "source-controller",
      sourceStatus(index, round, at),
    );
    await watched.until(nameOf(index), isAt("OutOfSync", commitOf(index, round)));
  });
  // an Application is written no more often than once a second
  await sleep(2000);
  const lags: Lags = { ms: [], withTree: 0 };
  const change = async (index: number) => {
    const name = nameOf(index);
    const seen = watched.until(name, isAt("Synced", commitOf(index, round)));
    const begun = performance.now();
    const status = kustomizationStatus(index, round, at);
    const version = await writeStatus(cluster, kustomizationPath(name), "kustomize-controller", status);
    lags.ms.push((await seen) - begun);
    if (await isInTree(redis, name, version)) lags.withTree++;
  };
  const under: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const changed = change(index);
    under.push(changed);
    await (everyMs === undefined ? changed : sleep(everyMs));
  }
  await Promise.all(under);
  return lags;
}

function isAt(sync: "Synced" | "OutOfSync", commit: string) {
  return ({ status }: Application) => {
    if (status?.sync?.status !== sync || status.sync.revision !== commit) return false;
    return sync === "OutOfSync" || status.operationState?.operation.sync?.revision === commit;
  };
}

/** Answers the object's new resourceVersion. */
async function writeStatus(
  cluster: TestCluster,
  path: string,
  manager: string,
  status: object,
): Promise<string> {
  const written = await write(cluster, "PATCH", `${path}/status?fieldManager=${manager}`, { status });
  return (written as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
}

/** Whether Argo CD's page would show a Kustomization of this version. */
async function isInTree(redis: LagNeeds["redis"], name: string, version: string): Promise<boolean> {
  const value = await redisCommand(redis, ["GET", `app|resources-tree|${name}|1.8.3.gz`]);
  if (!Buffer.isBuffer(value)) return false;
  const { nodes } = JSON.parse(gunzipSync(value).toString()) as {
    nodes: { kind: string; resourceVersion?: string }[];
  };
  return nodes.some(({ kind, resourceVersion }) => kind === "Kustomization" && resourceVersion === version);
}

const kustomizationPath = (name: string) =>
  `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${name}/kustomizations/${name}`;
const sourcePath = (name: string) =>
  `/apis/source.toolkit.fluxcd.io/v1/namespaces/${name}/gitrepositories/${name}`;

/** @param part 0.5 for the median, 0.95 for the 95th percentile */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}
