import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type InstallWait, waitForInstall } from "../../src/install/wait-for-install.js";
import type { Pod } from "../../src/kube/kinds.js";
import { troublesOf } from "../../src/kube/pod-trouble.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { kubeOf } from "../survey/kube-of.js";

const podWith = (status: Pod["status"]): Pod =>
  ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, status }) as Pod;
const waiting = (reason: string, message = "") => ({
  name: "server",
  state: { waiting: { reason, message } },
});

test.each<[status: NonNullable<Pod["status"]>, trouble: string | undefined, recovers?: string]>([
  [{}, undefined],
  [{ containerStatuses: [{ name: "server", state: { running: {} } }] }, undefined],
  [{ containerStatuses: [waiting("ContainerCreating")] }, undefined],
  [{ containerStatuses: [waiting("PodInitializing")] }, undefined],
  [{ containerStatuses: [waiting("ImagePullBackOff", "Back-off")] }, "ImagePullBackOff: Back-off", "pull"],
  [{ initContainerStatuses: [waiting("ErrImagePull")] }, "ErrImagePull", "pull"],
  [
    { containerStatuses: [waiting("ErrImagePull", "no matching manifest for linux/arm64")] },
    "ErrImagePull: no matching manifest for linux/arm64",
    "never",
  ],
  [{ containerStatuses: [waiting("InvalidImageName", "a:b:c")] }, "InvalidImageName: a:b:c", "never"],
  [{ containerStatuses: [{ ...waiting("CrashLoopBackOff"), restartCount: 2 }] }, "CrashLoopBackOff", "may"],
  [{ containerStatuses: [{ ...waiting("CrashLoopBackOff"), restartCount: 5 }] }, "CrashLoopBackOff", "never"],
  [
    {
      containerStatuses: [
        {
          ...waiting("CrashLoopBackOff", "back-off 10s"),
          lastState: { terminated: { exitCode: 1, reason: "Error", message: "exec format error" } },
        },
      ],
    },
    "CrashLoopBackOff: back-off 10s; exec format error",
    "never",
  ],
  [
    { containerStatuses: [{ name: "server", state: { terminated: { exitCode: 0, reason: "Completed" } } }] },
    undefined,
  ],
])("a Pod with %o", (status, why, recovers) =>
  expect(troublesOf(podWith(status))).toEqual(
    why === undefined ? [] : [{ container: "server", why, recovers }],
  ),
);

const image = "registry.example/argocd:v1";

function deployment(namespace: string): TestObject {
  const labels = { app: "server" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "server", namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "server", image }] } },
    },
  };
}

const ready = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  availableReplicas: 1,
  readyReplicas: 1,
  conditions: [
    { type: "Available", status: "True" },
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
  ],
};

describe("waitForInstall()", () => {
  /** Applies the Deployment, and waits for it while the work goes on. */
  async function waitIn(
    cluster: TestCluster,
    namespace: string,
    work: (object: TestObject) => Promise<unknown>,
    more: Partial<InstallWait> = {},
  ): Promise<void> {
    await cluster.createNamespace(namespace);
    const object = deployment(namespace);
    await cluster.apply(object);
    const waited = waitForInstall(kubeOf(cluster), [object], {
      namespace,
      signal: AbortSignal.timeout(30_000),
      onProgress() {},
      ...more,
    });
    await Promise.all([waited, work(object)]);
  }

  const pod = (cluster: TestCluster, namespace: string, status: Pod["status"], itsImage = image) =>
    cluster.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "server-1", namespace },
      spec: { containers: [{ name: "server", image: itsImage }] },
      status,
    } as TestObject);

  clusterTest("ends when everything runs", async ({ cluster }) => {
    const told: string[] = [];
    await waitIn(
      cluster,
      "install-ready",
      async (object) => {
        await sleep(300);
        await cluster.apply({ ...object, status: ready });
      },
      { onProgress: (missing) => told.push(...missing.map(({ status }) => status)) },
    );
    expect(told).toContain("InProgress");
  });

  clusterTest("gives up on an image that cannot be pulled, after some tries", async ({ cluster }) => {
    const status = { containerStatuses: [waiting("ImagePullBackOff", "Back-off pulling image")] };
    const wait = waitIn(cluster, "install-pull", () => pod(cluster, "install-pull", status as never), {
      pullGraceMs: 300,
    });
    await expect(wait).rejects.toMatchObject({
      message:
        "Cannot finish the install: Pod server-1 in install-pull, container server: ImagePullBackOff: Back-off pulling image",
      hint: "See kubectl describe pod server-1 -n install-pull; what was applied stays, and install can be run again",
      exitCode: 1,
    });
  });

  clusterTest("gives up at once on what can never run", async ({ cluster }) => {
    const status = { containerStatuses: [waiting("InvalidImageName", "a:b:c")] };
    const wait = waitIn(cluster, "install-never", () => pod(cluster, "install-never", status as never));
    await expect(wait).rejects.toThrow("container server: InvalidImageName: a:b:c");
  });

  clusterTest("tells at the deadline what is missing, and why", async ({ cluster }) => {
    const namespace = "install-deadline";
    const failed = { containerStatuses: [{ ...waiting("CrashLoopBackOff"), restartCount: 1 }] };
    const quota = {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: "exceeded quota: q",
    };
    const wait = waitIn(
      cluster,
      namespace,
      async (object) => {
        await cluster.apply({ ...object, status: { observedGeneration: 1, conditions: [quota] } });
        await pod(cluster, namespace, failed as never);
        // somebody else's
        await pod(cluster, namespace, failed as never);
      },
      { signal: AbortSignal.timeout(1500) },
    );
    await expect(wait).rejects.toMatchObject({
      message: `Cannot wait any longer: Deployment server in ${namespace} is InProgress: exceeded quota: q; Pod server-1 in ${namespace}, container server: CrashLoopBackOff`,
      exitCode: 3,
    });
  });

  clusterTest("does not mind Pods of other images", async ({ cluster }) => {
    const namespace = "install-others";
    const status = { containerStatuses: [waiting("InvalidImageName")] };
    await waitIn(cluster, namespace, async (object) => {
      await pod(cluster, namespace, status as never, "a.example/old:v1");
      await sleep(300);
      await cluster.apply({ ...object, status: ready });
    });
  });
});
