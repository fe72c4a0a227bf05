import { parseTime } from "../text/time.js";
import { conditionOf } from "./condition.js";
import type { Release } from "./helm-release.js";
import { isSuccess, type Kustomization, type Reconciliation } from "./kustomization.js";
import { argoRevision, externalCommit, type ReleaseOrigin, releasedRevision } from "./revision.js";
import type { FluxWorkload } from "./workload.js";

/** Something that a workload applied successfully. */
export interface Deployment {
  /** as Argo CD writes it; undefined where it is not known any more */
  revision: string | undefined;
  /** when it was applied; undefined for the state that Git went back to, of which only its first time is known */
  at: string | undefined;
}

/**
 * What a workload has deployed since a time, oldest first, as far as Flux remembers: a Kustomization since Flux 2.7, a
 * HelmRelease since Flux 2.2. What it is at has to end first.
 *
 * @param last when the last deployment that is known had ended; "" where none is
 */
export function deploymentsSince(workload: FluxWorkload, origin: ReleaseOrigin, last: string): Deployment[] {
  const isAtIt = conditionOf(workload, "Ready")?.status === "Unknown";
  switch (workload.kind) {
    case "Kustomization":
      return reconciledSince(workload, last, isAtIt);
    case "HelmRelease":
      return (workload.status?.history ?? [])
        .map((release, index) => ({ release, isNewest: index === 0 }))
        .filter(({ release, isNewest }) => isDeployed(release, last) && !(isNewest && isAtIt))
        .map(({ release, isNewest }) => ({
          revision: releasedRevision(workload, release, isNewest ? origin : undefined),
          at: release.lastDeployed,
        }))
        .reverse();
    // what they remember are digests of what they made, which no repository knows
    case "ResourceSet":
    case "FluxInstance":
      return [];
  }
}

function isDeployed({ version, status, lastDeployed = "" }: Release, last: string): boolean {
  return (
    version !== undefined &&
    (status === "deployed" || status === "superseded") &&
    parseTime(lastDeployed) !== undefined &&
    lastDeployed > last
  );
}

/**
 * A Kustomization's history has each state once: the same again moves to the front, with its first time as it was, and an empty
 * commit overwrites its revision.
 */
function reconciledSince({ spec, status }: Kustomization, last: string, isAtIt: boolean): Deployment[] {
  const [newest, ...others] = (status?.history ?? []).filter(
    ({ firstReconciled }) => parseTime(firstReconciled) !== undefined,
  );
  const source = spec?.sourceRef?.kind;
  const deployment = ({ metadata }: Reconciliation, at: string | undefined): Deployment => ({
    revision: reconciledRevision(metadata?.["revision"], source),
    at,
  });
  const deployments = others
    .filter((record) => isSuccess(record) && firstOf(record) > last)
    .sort((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1))
    .map((record) => deployment(record, record.firstReconciled));
  if (!newest || !isSuccess(newest) || isAtIt) return deployments;
  const isOlder = others.some((record) => firstOf(record) > firstOf(newest));
  if (firstOf(newest) > last && !isOlder) return [...deployments, deployment(newest, newest.firstReconciled)];
  // what was known last has been reconciled after all others then
  const isBack = last === "" || others.some((record) => (record.lastReconciled ?? firstOf(record)) >= last);
  return isBack ? [...deployments, deployment(newest, undefined)] : deployments;
}

function firstOf({ firstReconciled = "" }: Reconciliation): string {
  return firstReconciled;
}

function reconciledRevision(revision: string | undefined, source: string | undefined): string | undefined {
  if (source === "ExternalArtifact") return externalCommit(revision);
  return revision && argoRevision(revision, source === "GitRepository");
}
