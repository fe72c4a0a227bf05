import type { ApplicationSource, RevisionHistory } from "../argo/application.js";
import type { Release } from "../flux/helm-release.js";
import type { Reconciliation } from "../flux/kustomization.js";
import { argoRevision } from "../flux/revision.js";
import type { FluxWorkload } from "../flux/workload.js";

/**
 * What Flux remembers of what it applied successfully, the present state last, as Argo CD lists deployments: a Kustomization
 * since Flux 2.7, a HelmRelease since Flux 2.2. Nothing is made up for older ones.
 */
export function historyOf(workload: FluxWorkload, source: ApplicationSource | undefined): RevisionHistory[] {
  // not by time: a state that Git went back to is the first again, with the time when it first was
  return entriesOf(workload)
    .toReversed()
    .map((entry) => (source ? { ...entry, source } : entry));
}

function entriesOf(workload: FluxWorkload): RevisionHistory[] {
  if (workload.kind === "HelmRelease") return (workload.status?.history ?? []).flatMap(release);
  const fromGit = workload.spec?.sourceRef?.kind === "GitRepository";
  return (workload.status?.history ?? []).flatMap((record) => reconciliation(record, fromGit));
}

function reconciliation(record: Reconciliation, fromGit: boolean): RevisionHistory[] {
  const { firstReconciled, lastReconciledStatus, metadata } = record;
  const revision = metadata?.["revision"];
  if (!firstReconciled || !revision || lastReconciledStatus !== "ReconciliationSucceeded") return [];
  // Argo CD wants a number that stays; Flux has none for a Kustomization
  const id = Math.floor(Date.parse(firstReconciled) / 1000);
  return [{ id, revision: argoRevision(revision, fromGit), deployedAt: firstReconciled }];
}

function release({ version, chartVersion, status, lastDeployed }: Release): RevisionHistory[] {
  if (version === undefined || !chartVersion || !lastDeployed) return [];
  if (status !== "deployed" && status !== "superseded") return [];
  return [{ id: version, revision: chartVersion, deployedAt: lastDeployed }];
}
