import { parseTime } from "../text/time.js";
import { conditionOf } from "./condition.js";
import type { HelmRelease, Release } from "./helm-release.js";
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

/** The last deployment that is known, and when it had ended, in whole seconds as Flux writes them; "" where none is. */
export interface LastKnown {
  revision: string | undefined;
  endedAt: string;
}

/**
 * What a workload has deployed since a time, oldest first, as far as Flux remembers: a Kustomization since Flux 2.7, a
 * HelmRelease since Flux 2.2. What it is at has to end first.
 */
export function deploymentsSince(
  workload: FluxWorkload,
  origin: ReleaseOrigin,
  last: LastKnown,
): Deployment[] {
  const isAtIt = conditionOf(workload, "Ready")?.status === "Unknown";
  switch (workload.kind) {
    case "Kustomization":
      return reconciledSince(workload, last, isAtIt);
    case "HelmRelease":
      return releasedSince(workload, origin, last, isAtIt);
    // what they remember are digests of what they made, which no repository knows
    case "ResourceSet":
    case "FluxInstance":
      return [];
  }
}

function releasedSince(
  workload: HelmRelease,
  origin: ReleaseOrigin,
  last: LastKnown,
  isAtIt: boolean,
): Deployment[] {
  const releases = workload.status?.history ?? [];
  return releases
    .flatMap((release, index): Deployment[] => {
      const { lastDeployed: at = "" } = release;
      const isNewest = index === 0;
      if (!isDeployed(release) || at < last.endedAt || (isNewest && isAtIt)) return [];
      const revision = releasedRevision(workload, release, isNewest ? origin : undefined);
      // the one before may have ended in the second in which this one began
      const isNext = isNewest && releases.length > 1 && revision !== undefined && revision !== last.revision;
      return at > last.endedAt || isNext ? [{ revision, at }] : [];
    })
    .reverse();
}

function isDeployed({ version, status, lastDeployed }: Release): boolean {
  const isThere = status === "deployed" || status === "superseded";
  return version !== undefined && isThere && parseTime(lastDeployed) !== undefined;
}

/**
 * A Kustomization's history has each state once: the same again moves to the front, with its first time as it was, and an empty
 * commit overwrites its revision.
 */
function reconciledSince({ spec, status }: Kustomization, last: LastKnown, isAtIt: boolean): Deployment[] {
  const [newest, ...others] = (status?.history ?? []).filter(
    ({ firstReconciled }) => parseTime(firstReconciled) !== undefined,
  );
  const revisionOf = ({ metadata }: Reconciliation) =>
    reconciledRevision(metadata?.["revision"], spec?.sourceRef?.kind);
  const deployment = (record: Reconciliation, at: string | undefined): Deployment => ({
    revision: revisionOf(record),
    at,
  });
  const deployments = others
    .filter((record) => isSuccess(record) && firstOf(record) > last.endedAt)
    .sort((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1))
    .map((record) => deployment(record, record.firstReconciled));
  if (!newest || !isSuccess(newest) || isAtIt) return deployments;
  const isOlder = others.some((record) => firstOf(record) > firstOf(newest));
  // the one before may have ended in the second in which this one was first there
  const isNext =
    firstOf(newest) === last.endedAt &&
    revisionOf(newest) !== last.revision &&
    others.some((record) => revisionOf(record) === last.revision);
  if ((firstOf(newest) > last.endedAt || isNext) && !isOlder)
    return [...deployments, deployment(newest, newest.firstReconciled)];
  // what was known last has been reconciled after all others then
  const isBack =
    last.endedAt === "" ||
    others.some((record) => (record.lastReconciled ?? firstOf(record)) >= last.endedAt);
  return isBack ? [...deployments, deployment(newest, undefined)] : deployments;
}

function firstOf({ firstReconciled = "" }: Reconciliation): string {
  return firstReconciled;
}

function reconciledRevision(revision: string | undefined, source: string | undefined): string | undefined {
  if (source === "ExternalArtifact") return externalCommit(revision);
  return revision && argoRevision(revision, source === "GitRepository");
}
