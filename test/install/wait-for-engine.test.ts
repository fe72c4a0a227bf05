import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { reportedAnnotation } from "../../src/argo/loopback-lease.js";
import { waitForEngine } from "../../src/install/wait-for-engine.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import { kubeOf } from "../survey/kube-of.js";

const now = new Date("2026-01-01T00:00:00Z");

/** A Lease, held by `identity` as long ago as told, who may have reported. */
function hold(
  cluster: TestCluster,
  namespace: string,
  identity: string,
  reported?: string,
  { agoMs = 0, name = "flamingo-loopback" } = {},
) {
  const time = new Date(now.getTime() - agoMs).toISOString();
  const annotations =
    reported === undefined ? {} : { [reportedAnnotation]: `${time} ${reported} ${identity}` };
  return cluster.apply({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, annotations },
    spec: { holderIdentity: identity, leaseDurationSeconds: 30, renewTime: time.replace("Z", "000Z") },
  });
}

/** Waits for version 1.2.3 while the Lease is written. */
async function waitIn(
  cluster: TestCluster,
  namespace: string,
  work: () => Promise<unknown>,
  { timeoutMs = 30_000, shards = 1 } = {},
): Promise<void> {
  await cluster.createNamespace(namespace);
  const wait = waitForEngine(kubeOf(cluster), {
    namespace,
    version: "1.2.3",
    shards,
    now: () => now,
    signal: AbortSignal.timeout(timeoutMs),
    onProgress() {},
  });
  await Promise.all([wait, work()]);
}

const pod = "flamingo-loopback-7d9c_1_ab12";

describe("waitForEngine()", () => {
  clusterTest("ends when an engine of this version has reported everything", async ({ cluster }) => {
    const namespace = "engine-reports";
    await waitIn(cluster, namespace, async () => {
      await hold(cluster, namespace, pod);
      await hold(cluster, namespace, pod, "1.2.3");
    });
  });

  clusterTest("ends when that is so of each shard", async ({ cluster }) => {
    const namespace = "engine-shards";
    const shard = (index: number) => ({ name: `flamingo-loopback-${index}-of-2` });
    let isLate = false;
    const work = async () => {
      await hold(cluster, namespace, pod, "1.2.3", shard(1));
      await sleep(500);
      isLate = true;
      await hold(cluster, namespace, pod, "1.2.3", shard(2));
    };
    await waitIn(cluster, namespace, work, { shards: 2 });
    expect(isLate).toBe(true);
  });

  clusterTest("names who reports from elsewhere, even if it is this version", async ({ cluster }) => {
    const namespace = "engine-elsewhere";
    const wait = waitIn(cluster, namespace, () => hold(cluster, namespace, "laptop_1_cd34", "1.2.3"));
    await expect(wait).rejects.toMatchObject({
      message:
        "Cannot finish the install: flamingo loopback runs as laptop_1_cd34, too, and reports to the Argo CD in engine-elsewhere",
      hint: "End it there, and the engine takes over by itself",
      exitCode: 3,
    });
  });

  clusterTest.for([
    ["nobody", pod, undefined, "nobody has reported yet"],
    ["an older engine", pod, "1.0.0", "version 1.0.0 reports, not 1.2.3"],
    ["somebody who is gone", "laptop_1_cd34", "1.2.3", "nobody has reported yet"],
  ] as const)("tells at the deadline that %s has reported", async ([who, by, reported, why], { cluster }) => {
    const namespace = `engine-${who.replaceAll(" ", "-")}`;
    const work = () => hold(cluster, namespace, by, reported, { agoMs: by === pod ? 0 : 300_000 });
    await expect(waitIn(cluster, namespace, work, { timeoutMs: 1500 })).rejects.toMatchObject({
      message: `Cannot wait any longer: Lease flamingo-loopback in ${namespace} is InProgress: ${why}`,
      exitCode: 3,
    });
  });
});
