import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { leaseLabels } from "../../../src/argo/loopback-lease.js";
import { holderElsewhere, holderOnceFree } from "../../../src/install/uninstall/holder.js";
import { clusterTest, type TestCluster } from "../../cluster/cluster.js";
import { kubeOf } from "../../survey/kube-of.js";

const now = new Date("2026-01-01T00:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();

const pod = "flamingo-loopback-7d9c_1_ab12";

interface Scene {
  /** when the holder was heard of */
  agoMs?: number;
  /** who waits */
  waiter?: string;
  waitsMs?: number;
  name?: string;
  seconds?: number;
}

/** A Lease as `holder` has left it; "": as it was given back. */
function hold(cluster: TestCluster, namespace: string, holder: string, scene: Scene = {}) {
  const { agoMs = 0, waiter, waitsMs = 0, name = "flamingo-loopback", seconds = 1 } = scene;
  const annotations = waiter === undefined ? {} : { "flamingo/waiting": `${waiter} ${ago(waitsMs)}` };
  return cluster.apply({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, labels: leaseLabels, annotations },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: seconds,
      renewTime: ago(agoMs).replace("Z", "000Z"),
    },
  });
}

function onceFree(cluster: TestCluster, namespace: string, timeoutMs = 20_000) {
  const told: string[] = [];
  const done = holderOnceFree(kubeOf(cluster), namespace, {
    now: () => now,
    signal: AbortSignal.timeout(timeoutMs),
    onWaiting: (held) => told.push(held),
  });
  return { told, done };
}

describe("holderElsewhere()", () => {
  clusterTest.for<[string, holder: string, Scene, string | undefined]>([
    ["nobody", "", {}, undefined],
    ["pod", pod, {}, undefined],
    ["laptop", "laptop_1_ab", {}, "laptop_1_ab"],
    ["shard", "laptop_1_ab", { name: "flamingo-loopback-2-of-3" }, "laptop_1_ab (shard 2 of 3)"],
    ["silent", "laptop_1_ab", { agoMs: 61_000 }, undefined],
    ["waiter", pod, { waiter: "laptop_1_ab" }, "laptop_1_ab"],
    ["given-back", "", { waiter: "laptop_1_ab", waitsMs: 5000 }, "laptop_1_ab"],
    ["replica", pod, { waiter: "flamingo-loopback-7d9c_1_cd34" }, undefined],
    ["waited", pod, { waiter: "laptop_1_ab", waitsMs: 61_000 }, undefined],
  ])("%s", async ([name, holder, scene, expected], { cluster }) => {
    const namespace = await cluster.createNamespace(`holder-${name}`);
    await hold(cluster, namespace, holder, scene);
    expect(await holderElsewhere(kubeOf(cluster), namespace, now)).toBe(expected);
  });
});

describe("holderOnceFree()", () => {
  clusterTest("ends at once where nobody holds one, or it has lapsed", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("once-free");
    expect(await onceFree(cluster, namespace).done).toBeUndefined();
    await hold(cluster, namespace, "");
    await hold(cluster, namespace, pod, { agoMs: 61_000, name: "flamingo-loopback-2-of-2", seconds: 60 });
    const { told, done } = onceFree(cluster, namespace);
    expect(await done).toBeUndefined();
    expect(told).toEqual([]);
  });

  clusterTest("waits until a Pod that is gone would have renewed it", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("once-lapsed");
    await hold(cluster, namespace, pod, { seconds: 2 });
    const { told, done } = onceFree(cluster, namespace);
    let isOver = false;
    void done.then(() => (isOver = true));
    await sleep(1500);
    await hold(cluster, namespace, pod, { seconds: 2, agoMs: -1500 }); // it still runs
    await sleep(1500);
    expect(isOver).toBe(false);
    expect(await done).toBeUndefined();
    expect(new Set(told)).toEqual(new Set([`Lease flamingo-loopback in ${namespace} is held by ${pod}`]));
  });

  clusterTest("names who takes over, or waits to", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("once-taken");
    await hold(cluster, namespace, pod, { seconds: 60 });
    const taken = onceFree(cluster, namespace);
    await expect.poll(() => taken.told.length, { timeout: 10_000 }).toBe(1);
    await hold(cluster, namespace, "laptop_1_ab");
    expect(await taken.done).toBe("laptop_1_ab");
    await hold(cluster, namespace, pod, { seconds: 60 });
    const awaited = onceFree(cluster, namespace);
    await expect.poll(() => awaited.told.length, { timeout: 10_000 }).toBe(1);
    await hold(cluster, namespace, "", { waiter: "laptop_2_cd" });
    expect(await awaited.done).toBe("laptop_2_cd");
  });

  clusterTest("ends when it is given back, and at the deadline when it is not", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("once-late");
    await hold(cluster, namespace, pod, { seconds: 60 });
    const { told, done } = onceFree(cluster, namespace);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1);
    await hold(cluster, namespace, "");
    expect(await done).toBeUndefined();
    await hold(cluster, namespace, pod, { seconds: 60 });
    await expect(onceFree(cluster, namespace, 1500).done).rejects.toMatchObject({
      message: `Cannot wait any longer: Lease flamingo-loopback in once-late is held by ${pod}`,
      hint: "See on which node it still runs, though its Pod is gone, and stop it there; or add --force",
      exitCode: 3,
    });
  });
});
