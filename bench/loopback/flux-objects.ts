import { applied, type Part } from "./parts.js";
import { manifestsOf, nameOf } from "./workload.js";

/** The Kustomization of a workload and its GitRepository, in step. */
export function fluxPartsOf(index: number, url: string): Part[] {
  const name = nameOf(index);
  const at = "2026-01-02T03:04:05Z";
  const repository = applied("GitRepository", name, name, {
    spec: { interval: "5m0s", timeout: "60s", url, ref: { branch: "main" } },
  });
  const kustomization = applied("Kustomization", name, name, {
    spec: {
      interval: "10m0s",
      retryInterval: "1m0s",
      timeout: "5m0s",
      path: `./${name}`,
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name },
      postBuild: { substitute: { cluster: "production-eu-1" } },
    },
  });
  const inventory = { entries: inventoryOf(index) };
  return [
    { ...repository, status: { by: "source-controller", content: sourceStatus(index, 0, at) } },
    {
      ...kustomization,
      status: { by: "kustomize-controller", content: { ...kustomizationStatus(index, 0, at), inventory } },
    },
  ];
}

/** The commit of a workload's source after so many changes. */
export function commitOf(index: number, round: number): string {
  return `${String(index).padStart(8, "0")}${String(round).padStart(32, "c")}`;
}

/** As source-controller writes it after a fetch. */
export function sourceStatus(index: number, round: number, at: string) {
  const revision = `main@sha1:${commitOf(index, round)}`;
  const file = `gitrepository/${nameOf(index)}/${nameOf(index)}/${commitOf(index, round)}.tar.gz`;
  const message = `stored artifact for revision '${revision}'`;
  return {
    observedGeneration: 1,
    artifact: {
      digest: `sha256:${String(index).padStart(64, "d")}`,
      lastUpdateTime: at,
      path: file,
      revision,
      size: 81_920,
      url: `http://source-controller.flux-system.svc.cluster.local./${file}`,
    },
    conditions: [
      condition("Ready", "Succeeded", message, at),
      condition("ArtifactInStorage", "Succeeded", message, at),
    ],
  };
}

/** As kustomize-controller writes it after it applied a revision; the inventory stays. */
export function kustomizationStatus(index: number, round: number, at: string) {
  const revision = `main@sha1:${commitOf(index, round)}`;
  return {
    observedGeneration: 1,
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
    conditions: [
      condition("Ready", "ReconciliationSucceeded", `Applied revision: ${revision}`, at),
      condition("Healthy", "Succeeded", "Health check passed in 5.037190172s", at),
    ],
    history: [
      {
        digest: `sha256:${String(round).padStart(32, "e")}${String(index).padStart(32, "e")}`,
        firstReconciled: at,
        lastReconciled: at,
        lastReconciledDuration: "5.4s",
        lastReconciledStatus: "ReconciliationSucceeded",
        totalReconciliations: 1,
        metadata: { revision },
      },
    ],
  };
}

function inventoryOf(index: number) {
  return manifestsOf(index).map(({ apiVersion, kind, metadata }) => {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    return { id: `${metadata.namespace}_${metadata.name}_${group}_${kind}`, v: version };
  });
}

function condition(type: string, reason: string, message: string, lastTransitionTime: string) {
  return { type, status: "True", reason, message, lastTransitionTime, observedGeneration: 1 };
}
