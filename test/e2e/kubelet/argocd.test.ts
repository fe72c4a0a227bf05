import { describe, expect } from "vitest";
import type { TestObject } from "../../cluster/crds.js";
import { sharedArgoInstall } from "../../cluster/shared.js";
import { readObjects } from "../../cluster/yaml.js";
import { flamingo } from "../../flamingo.js";
import { argocdNamespace } from "../argocd-programs.js";
import { manifestTags } from "../rig.js";
import { type PodRig, podClusterTest } from "./pod-cluster-test.js";

const podTest = podClusterTest();

describe("the stand-in for the kubelet", () => {
  podTest("runs all of Argo CD as its manifest says, until its own probes call it ready", async ({ rig }) => {
    await rig.cluster.createNamespace(argocdNamespace);
    const objects = readObjects(sharedArgoInstall(manifestTags.argocd));
    await rig.cluster.installCrds(objects);
    const others = objects.filter(({ kind }) => kind !== "CustomResourceDefinition");
    await rig.cluster.applyAll(others, { namespace: argocdNamespace });
    await expect.poll(() => missing(rig), { timeout: 120_000 }).toEqual([]);
    const around = { kubeconfig: rig.cluster.kubeconfig(), ticking: true } as const;
    expect(await flamingo("show-init-password", around)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\S{16}\n$/),
    });
  });
});

/** Which of those that make Pods do not have all of theirs ready, and which containers ended meanwhile. */
async function missing({ cluster }: PodRig): Promise<string[]> {
  const kinds = ["Deployment", "StatefulSet"].map((kind) =>
    cluster.list<Runner>("apps/v1", kind, argocdNamespace),
  );
  const unavailable = (await Promise.all(kinds))
    .flat()
    .filter(({ spec, status }) => status?.availableReplicas !== spec.replicas);
  const pods = await cluster.list<PodObject>("v1", "Pod", argocdNamespace);
  const restarted = pods.flatMap(({ metadata, status = {} }) =>
    (status.containerStatuses ?? [])
      // dex ends until argocd-server has made its keys, wherever it runs
      .filter(({ name, restartCount }) => restartCount > 0 && name !== "dex")
      .map(({ name }) => `${metadata.name} ${name} ended`),
  );
  return [...unavailable.map(({ metadata }) => metadata.name), ...restarted];
}

type Runner = TestObject & { spec: { replicas: number }; status?: { availableReplicas?: number } };
type PodObject = TestObject & { status?: { containerStatuses?: { name: string; restartCount: number }[] } };
