import type { LiveObject } from "../kube/object.js";
import { idOf, type ObjectId, renderId } from "../kube/object-id.js";
import { redact } from "../redact.js";
import { type Condition, conditionOf } from "./condition.js";
import { failureMessage } from "./failures.js";
import { fluxReadiness } from "./readiness.js";
import type { SourceChain } from "./source-chain.js";
import { isSuspended } from "./suspension.js";
import { isCanceled, waitsOn } from "./waiting.js";
import type { FluxWorkload } from "./workload.js";

/**
 * How far Flux is with a workload, in its controllers' own terms: what stands in Ready and how its source is. Whether a pass
 * applies something new is not told by that alone.
 */
export type WorkloadState =
  | { is: "deleting" }
  | { is: "suspended" }
  /** what it is made from does not exist */
  | { is: "sourceGone"; source: ObjectId }
  /** what it is made from cannot be fetched or built, in the source's own words */
  | { is: "sourceFailed"; source: LiveObject; message: string }
  /** nothing was said of it yet */
  | { is: "unseen" }
  /** for a dependency, or for a source that has no verdict of its own yet */
  | { is: "waiting"; on: "dependencies" | "source"; message: string }
  /** a newer revision has cut off the health checks, and is next */
  | { is: "canceled"; message: string }
  | { is: "failed"; isStalled: boolean; reason: string; message: string }
  /** the verdict is about an older generation */
  | { is: "stale" }
  | { is: "reconciling"; message: string }
  /** Ready is written already, what it is about is not yet */
  | { is: "unsettled"; message: string }
  | { is: "ready"; message: string };

/**
 * The state of a workload and its sources.
 *
 * @param isUnread whether it cannot be known that a source exists
 */
export function stateOf(
  workload: FluxWorkload,
  { links, dangling }: SourceChain,
  isUnread: (id: ObjectId) => boolean,
): WorkloadState {
  if (workload.metadata.deletionTimestamp) return { is: "deleting" };
  if (isSuspended(workload)) return { is: "suspended" };
  const missing = dangling.find((id) => !isUnread(id));
  if (missing) return { is: "sourceGone", source: missing };
  for (const { object } of links) {
    const failure = failureOf(object);
    if (failure !== undefined) return { is: "sourceFailed", source: object, message: failure };
  }
  return verdictOf(workload);
}

/** What Ready says, whatever has become of the source meanwhile, and suspended or not. */
export function verdictOf(workload: FluxWorkload): WorkloadState {
  const stalled = conditionOf(workload, "Stalled");
  const ready = conditionOf(workload, "Ready");
  if (stalled?.status === "True" && isCurrent(stalled, workload)) {
    const { reason = "" } = stalled;
    return { is: "failed", isStalled: true, reason, message: redact(failureMessage(workload)) };
  }
  if (!ready) return { is: "unseen" };
  const message = redact(ready.message ?? "").trimEnd();
  if (ready.status === "Unknown") return { is: "reconciling", message: progressOf(workload) ?? message };
  if (!isCurrent(ready, workload)) return { is: "stale" };
  if (ready.status === "True") return { is: isSettled(workload, ready) ? "ready" : "unsettled", message };
  const { reason = "" } = ready;
  const on = waitsOn(ready);
  if (on) return { is: "waiting", on, message };
  if (isCanceled(ready)) return { is: "canceled", message };
  return { is: "failed", isStalled: false, reason, message: redact(failureMessage(workload)) };
}

/** What Ready said last, of whichever generation. */
export function lastVerdictOf(workload: FluxWorkload): WorkloadState {
  return verdictOf({ ...workload, metadata: { ...workload.metadata, generation: 0 } } as FluxWorkload);
}

/** Whether Flux has ever applied something of it. */
export function wasEverApplied(workload: FluxWorkload): boolean {
  const { status } = workload;
  if (status?.lastAppliedRevision || status?.inventory?.entries?.length) return true;
  return (
    workload.kind === "HelmRelease" &&
    Boolean(workload.status?.history?.length || workload.status?.lastReleaseRevision)
  );
}

/** Why a source, or who gives inputs, has failed; undefined for one that has not, or is suspended. */
export function failureOf(source: LiveObject): string | undefined {
  if (isSuspended(source)) return undefined;
  const readiness = fluxReadiness(source);
  if (readiness?.status !== "Failed") return undefined;
  const stalled = conditionOf(source, "Stalled");
  if (stalled?.status === "True" && !isCurrent(stalled, source)) return undefined;
  return redact(readiness.message || `${renderId(idOf(source))} is not ready`);
}

/** A condition without a generation is about the one that the controller observed last. */
function isCurrent(
  { observedGeneration }: Condition,
  { metadata, status }: Pick<LiveObject, "metadata"> & { status?: { observedGeneration?: number } },
): boolean {
  return (observedGeneration || (status?.observedGeneration ?? -1)) >= (metadata.generation ?? 0);
}

function progressOf(workload: FluxWorkload): string | undefined {
  const reconciling = conditionOf(workload, "Reconciling");
  return reconciling?.status === "True" && reconciling.message ? redact(reconciling.message) : undefined;
}

/**
 * The controllers write conditions first and the rest of the status some milliseconds later. The messages say what is to be
 * there: "Applied revision: main@sha1:…", "Helm upgrade succeeded for release apps/podinfo.v4 with chart podinfo@6.5.0"; those of the
 * Flux Operator ("Reconciliation finished in 52s") do not.
 */
function isSettled(workload: FluxWorkload, { message = "" }: Condition): boolean {
  const { status, metadata } = workload;
  if ((status?.observedGeneration ?? metadata.generation ?? 0) < (metadata.generation ?? 0)) return false;
  switch (workload.kind) {
    case "Kustomization": {
      const applied = /^Applied revision: (\S+)$/.exec(message)?.[1];
      return applied === undefined || applied === workload.status?.lastAppliedRevision;
    }
    case "HelmRelease": {
      const version = / release \S+\.v(\d+) with chart /.exec(message)?.[1];
      const { history } = workload.status ?? {};
      return (
        version === undefined || !history || history.some((release) => String(release.version) === version)
      );
    }
    case "ResourceSet":
    case "FluxInstance":
      return true;
  }
}
