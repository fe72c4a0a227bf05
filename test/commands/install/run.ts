import type { ConfigMap } from "../../../src/kube/kinds.js";
import type { TestCluster } from "../../cluster/cluster.js";
import { sharedFolder } from "../../cluster/shared.js";
import { flamingo, type Surroundings } from "../../flamingo.js";

/** Installs from the real manifests; nothing becomes ready by itself here, so nothing is waited for. */
export function install(cluster: TestCluster, flags: string, around: Surroundings = {}) {
  const argv = ["install", "--manifests", sharedFolder("argo-cd"), ...flags.split(" ")];
  return flamingo(argv, { kubeconfig: cluster.kubeconfig(), ...around });
}

/** How often each outcome was told: {"created": 57}. */
export function outcomes(stdout: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, outcome = ""] of stdout.matchAll(/ (\w+)(?: \(.*\))?\n/g))
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** What flamingo remembers of an install. */
export const recordIn = (cluster: TestCluster, namespace = "argocd") =>
  cluster.find<ConfigMap>("v1", "ConfigMap", "flamingo-install", namespace);

/** Writes what the controllers would, which do not run here. */
export async function makeReady(cluster: TestCluster, namespace: string): Promise<void> {
  const counts = { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  const conditions = [
    { type: "Available", status: "True" },
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
  ];
  for (const kind of ["Deployment", "StatefulSet"]) {
    for (const { metadata } of await cluster.list("apps/v1", kind, namespace)) {
      const status = { ...counts, observedGeneration: metadata.generation };
      const more = kind === "Deployment" ? { conditions } : { currentReplicas: 1 };
      await cluster.request(
        "PATCH",
        `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${metadata.name}/status`,
        { status: { ...status, ...more } },
        { "content-type": "application/merge-patch+json" },
      );
    }
  }
}
