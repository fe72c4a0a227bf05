import { createHash } from "node:crypto";
import type { LiveObject } from "../kube/object.js";
import { conditionOf } from "./condition.js";
import { deployedIn, type HelmRelease } from "./helm-release.js";
import { isSuccess, type Kustomization } from "./kustomization.js";
import { sourceStatusOf } from "./sources.js";
import type { FluxWorkload } from "./workload.js";

/**
 * What Flux was asked to bring about when it tried last, or tries now: the same text, the same attempt, however often it is
 * repeated. Suspending and resuming make a new generation, but not another attempt.
 *
 * A Kustomization's is its revision and spec, and so is that of what the Flux Operator reconciles. A HelmRelease's is what
 * helm-controller itself compares before it counts failures anew (`lastAttempted…` of its status, before Flux 2.2 the checksum of
 * values), and its spec.
 */
export function attemptOf(workload: FluxWorkload, content: LiveObject | undefined): string {
  const { suspend: _, ...spec } = workload.spec ?? {};
  const digest = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
  return `${partsOf(workload, content)
    .map((part) => part ?? "")
    .join(" ")} ${digest}`.trim();
}

/** Whether two attempts are about the same spec, whatever the revision. */
export function isSameSpec(one: string, other: string): boolean {
  return one.split(" ").at(-1) === other.split(" ").at(-1);
}

function partsOf(workload: FluxWorkload, content: LiveObject | undefined): (string | undefined)[] {
  switch (workload.kind) {
    case "Kustomization":
      return [revisionTried(workload, content)];
    case "HelmRelease": {
      const { status = {} } = workload;
      return [
        status.lastAttemptedRevision,
        status.lastAttemptedRevisionDigest,
        status.lastAttemptedConfigDigest || status.lastAttemptedValuesChecksum,
        status.lastHandledForceAt,
        status.lastHandledResetAt,
      ];
    }
    case "ResourceSet":
    case "FluxInstance":
      return [workload.status?.lastAttemptedRevision ?? workload.status?.lastAppliedRevision];
  }
}

/** kustomize-controller writes what it tries only once it has the files: before that it is what the source holds. */
function revisionTried(
  { status, ...rest }: Kustomization,
  content: LiveObject | undefined,
): string | undefined {
  const ready = conditionOf({ ...rest, ...(status ? { status } : {}) }, "Ready");
  const isUnderWay = ready?.status === "Unknown" || ready?.reason === "ArtifactFailed";
  const held = sourceStatusOf(content).artifact?.revision;
  if (isUnderWay && held) return held;
  return status?.lastAttemptedRevision ?? status?.lastAppliedRevision;
}

/**
 * What of a workload is applied: the same text, nothing was applied since. The digest of what was built (of a Kustomization since Flux
 * 2.7; an empty commit leaves it as it was), before that its revision; the newest release of a HelmRelease.
 */
export function appliedBy(workload: FluxWorkload): string | undefined {
  return workload.kind === "HelmRelease" ? releasedBy(workload) : builtBy(workload);
}

function builtBy({ status }: Exclude<FluxWorkload, HelmRelease>): string | undefined {
  return status?.history?.find(isSuccess)?.digest ?? status?.lastAppliedRevision;
}

function releasedBy({ status }: HelmRelease): string | undefined {
  const release = deployedIn(status?.history);
  if (release?.version !== undefined) return `v${release.version} ${release.lastDeployed ?? ""}`.trim();
  return status?.lastReleaseRevision ? `v${status.lastReleaseRevision}` : status?.lastAppliedRevision;
}
