/** Revisions as Argo CD writes them: a commit, a digest, or a chart's version. */
import type { LiveObject } from "../kube/object.js";
import { conditionOf } from "./condition.js";
import { deployedIn, type HelmRelease, type Release } from "./helm-release.js";
import type { Kustomization } from "./kustomization.js";
import { sourceStatusOf } from "./sources.js";
import { type FluxWorkload, isToolkitWorkload } from "./workload.js";

/**
 * The commit of "main@sha1:COMMIT" and of "main/COMMIT" (Flux before 0.40), the digest "sha256:…" of an OCI artifact or
 * bucket; a chart's version as it stands.
 *
 * @param fromGit Git names its commits by sha256, too, where a repository is made so
 */
export function argoRevision(revision: string, fromGit = false): string {
  const [, algorithm, hex = ""] = /(?:^|@)(sha\d+):([0-9a-f]+)$/.exec(revision) ?? [];
  if (algorithm) return fromGit || algorithm === "sha1" ? hex : `${algorithm}:${hex}`;
  return /\/([0-9a-f]{40}|[0-9a-f]{64})$/.exec(revision)?.[1] ?? revision;
}

/**
 * The revision that a workload is meant to have: its source's, and as long as that is not known, what it tried last. What the Flux
 * Operator reconciles has its own.
 */
export function wantedRevision(workload: FluxWorkload, content: LiveObject | undefined): string | undefined {
  const { artifact } = sourceStatusOf(content);
  if (!artifact?.revision || !isToolkitWorkload(workload)) return attemptedRevision(workload, content);
  if (workload.kind === "Kustomization") return argoRevision(artifact.revision, isGit(workload, content));
  if (hasApplied(workload, content)) return attemptedRevision(workload, content);
  return builtFrom(workload, content) ?? ociTag(artifact.revision);
}

/** The revision that a workload tried last; undefined before it tried anything. */
export function attemptedRevision(
  workload: FluxWorkload,
  content: LiveObject | undefined,
): string | undefined {
  const { lastAttemptedRevision, lastAppliedRevision } = workload.status ?? {};
  const revision = lastAttemptedRevision ?? lastAppliedRevision;
  if (!revision || !isToolkitWorkload(workload)) return revision;
  if (workload.kind === "Kustomization") return argoRevision(revision, isGit(workload, content));
  const isBuilt = sourceStatusOf(content).artifact?.revision === revision;
  return (isBuilt ? builtFrom(workload, content) : undefined) ?? revision;
}

/** The revision that a workload has; undefined before it applied anything. */
export function appliedRevision(workload: FluxWorkload, content: LiveObject | undefined): string | undefined {
  if (hasApplied(workload, content)) return wantedRevision(workload, content);
  const { lastAppliedRevision } = workload.status ?? {};
  if (!isToolkitWorkload(workload)) return lastAppliedRevision;
  if (workload.kind === "Kustomization")
    return lastAppliedRevision && argoRevision(lastAppliedRevision, isGit(workload, content));
  return deployedIn(workload.status?.history)?.chartVersion ?? lastAppliedRevision;
}

/** Whether a workload has applied what its source holds at present; undefined when that cannot be told. */
export function hasApplied(workload: FluxWorkload, content: LiveObject | undefined): boolean | undefined {
  const { artifact } = sourceStatusOf(content);
  if (!artifact?.revision || !workload.status || !isToolkitWorkload(workload)) return undefined;
  if (workload.kind === "Kustomization") {
    const applied = workload.status.lastAppliedRevision;
    return applied !== undefined && argoRevision(applied) === argoRevision(artifact.revision);
  }
  const release = deployedIn(workload.status?.history);
  const version = release?.chartVersion ?? workload.status.lastAppliedRevision;
  if (version === undefined) return false;
  return content?.kind === "HelmChart"
    ? version === artifact.revision
    : holdsOciChart(version, release?.ociDigest, artifact.revision);
}

/** Reasons of a Ready that is False once Flux had come as far as trying a revision. */
const reasonsAfterTrying: ReadonlySet<string> = new Set([
  ...["BuildFailed", "HealthCheckFailed", "PruneFailed", "ReconciliationFailed"],
  ...["InstallFailed", "UpgradeFailed", "TestFailed", "RollbackFailed", "UninstallFailed"],
  ...["RollbackSucceeded", "UninstallSucceeded", "RetriesExceeded"],
]);

/** Whether a workload has failed with another revision than its source holds by now, which is therefore next. */
export function hasFailedBefore(workload: FluxWorkload, content: LiveObject | undefined): boolean {
  const { artifact } = sourceStatusOf(content);
  const { lastAttemptedRevision: tried } = workload.status ?? {};
  if (!artifact?.revision || tried === undefined || !isToolkitWorkload(workload)) return false;
  if (!reasonsAfterTrying.has(conditionOf(workload, "Ready")?.reason ?? "")) return false;
  if (workload.kind === "Kustomization" || content?.kind === "HelmChart")
    return argoRevision(tried) !== argoRevision(artifact.revision);
  return holdsOciChart(tried, workload.status?.lastAttemptedRevisionDigest, artifact.revision) === false;
}

/** helm-controller keeps the artifact's digest or, by default, writes its start behind the chart's version. */
function holdsOciChart(version: string, digest: Release["ociDigest"], revision: string): boolean | undefined {
  const wanted = /@(sha256:([0-9a-f]{12})[0-9a-f]*)$/.exec(revision);
  if (!wanted) return undefined;
  const [, wholeDigest, start] = wanted;
  // of a tag that is no version the whole revision
  if (digest) return argoRevision(digest) === wholeDigest;
  if (/\+[0-9a-f]{12}$/.test(version)) return version.endsWith(`+${start}`);
  const tag = ociTag(revision);
  return /^v?\d+\.\d+\.\d+/.test(tag) ? tag.replace(/^v/, "") === version.replace(/^v/, "") : undefined;
}

/** "6.5.0+build" of "6.5.0_build@sha256:…": a tag may have no "+". */
function ociTag(revision: string): string {
  return revision.replace(/@.*$/, "").replaceAll("_", "+");
}

/** Of a chart that lies in Git or a bucket, and whose Application points there: the revision it was built from. */
function builtFrom(release: HelmRelease, content: LiveObject | undefined): string | undefined {
  const { observedSourceArtifactRevision: revision } = sourceStatusOf(content);
  const kind = chartSourceKind(release, content);
  if (!revision || (kind !== "GitRepository" && kind !== "Bucket")) return undefined;
  return argoRevision(revision, kind === "GitRepository");
}

/** The commit that an ExternalArtifact was made of, where it has the revision of its source: a digest is its own. */
export function externalCommit(revision: string | undefined): string | undefined {
  return revision && /(?:^|@)sha1:/.test(revision) ? argoRevision(revision) : undefined;
}

/** Of what the newest release can be made: what a HelmRelease fetches, and the sources behind it, as they are now. */
export interface ReleaseOrigin {
  content: LiveObject | undefined;
  sources: readonly LiveObject[];
}

/**
 * The revision that a release was made of: the version of its chart as the registry has it, and of a chart that lies in Git, and
 * whose Application points there, the commit. Helm keeps no commits, so that can be told of the newest release only, as long as
 * Git has not moved on; undefined where it cannot.
 *
 * @param origin of the newest release; undefined for others
 */
export function releasedRevision(
  workload: HelmRelease,
  release: Release,
  origin: ReleaseOrigin | undefined,
): string | undefined {
  if (workload.spec?.chartRef?.kind === "ExternalArtifact") return externalCommit(release.ociDigest);
  if (chartSourceKind(workload, origin?.content) !== "GitRepository")
    return registryVersion(release, origin?.content);
  // what Helm was rolled back to is not what lies in Git
  const isWanted = conditionOf(workload, "Ready")?.status === "True";
  return origin && isWanted ? commitOf(release, origin) : undefined;
}

function commitOf({ chartVersion = "", lastDeployed = "" }: Release, { content, sources }: ReleaseOrigin) {
  const { artifact, observedSourceArtifactRevision: revision } = sourceStatusOf(content);
  if (!content || !revision || artifact?.revision !== chartVersion) return undefined;
  if (!isBuilt(content, chartVersion)) return undefined;
  const commit = argoRevision(revision, true);
  // reconcileStrategy: Revision
  const start = /\+([0-9a-f]{12})$/.exec(chartVersion)?.[1];
  if (start !== undefined && commit.startsWith(start)) return commit;
  const git = sourceStatusOf(sources.find(({ kind }) => kind === "GitRepository")).artifact;
  const wasThere = git?.revision === revision && (git.lastUpdateTime ?? "") <= lastDeployed;
  return wasThere ? commit : undefined;
}

/**
 * While source-controller builds a chart anew, the old one is still there; and it writes Ready ("packaged 'web' chart with version
 * '1.3.0'") some milliseconds before the rest of the status.
 */
function isBuilt(chart: LiveObject, version: string): boolean {
  if (conditionOf(chart, "Reconciling")?.status === "True") return false;
  const { message = "" } = conditionOf(chart, "Ready") ?? {};
  const told = / chart with version '([^']+)'/.exec(message)?.[1];
  return told === undefined || told === version;
}

/** Without what helm-controller put behind it, and as the tag where that is known: that may have a "v" or a build. */
function registryVersion({ chartVersion = "", ociDigest = "" }: Release, content: LiveObject | undefined) {
  const [, digest = "", start = ""] = /(?:^|@)(sha256:([0-9a-f]{12})[0-9a-f]*)$/.exec(ociDigest) ?? [];
  const { revision = "" } = sourceStatusOf(content).artifact ?? {};
  const tag = ociTag(revision);
  if (digest && revision.endsWith(`@${digest}`) && /^v?\d+\.\d+\.\d+/.test(tag)) return tag;
  return start && chartVersion.endsWith(`+${start}`) ? chartVersion.slice(0, -13) : chartVersion;
}

function chartSourceKind({ spec }: HelmRelease, content: LiveObject | undefined): string | undefined {
  const chart = content as { spec?: { sourceRef?: { kind?: string } } } | undefined;
  return spec?.chart?.spec?.sourceRef?.kind ?? chart?.spec?.sourceRef?.kind;
}

function isGit({ spec }: Kustomization, content: LiveObject | undefined): boolean {
  return (content?.kind ?? spec?.sourceRef?.kind) === "GitRepository";
}
