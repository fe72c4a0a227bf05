import type { KubeObject, LiveObject } from "../kube/object.js";
import { groupOf } from "../kube/object-id.js";
import { annotation } from "../names.js";
import { isSuspended, type Reconciled } from "./condition.js";
import { operatorGroup } from "./groups.js";
import { ArtifactGenerator } from "./sources.js";

/**
 * Kinds without `spec.suspend` are switched off by an annotation of their group, in whatever case (flux-operator `api/v1`,
 * `IsDisabled()`; source-watcher `docs/spec/v1beta1/artifactgenerators.md`).
 */
const switchedOff = "disabled";
const switchable: readonly string[] = [operatorGroup, ArtifactGenerator.group];

/** Why Flux leaves an object as it is, however often somebody asks: "is suspended"; undefined for one that is reconciled. */
export function idleBecause(object: KubeObject & Pick<Reconciled, "spec">): string | undefined {
  if (isSuspended(object)) return "is suspended";
  const group = groupOf(object.apiVersion);
  const key = `${group}/reconcile`;
  if (!switchable.includes(group) || object.metadata.annotations?.[key]?.toLowerCase() !== switchedOff)
    return undefined;
  return `is switched off (${key}: ${switchedOff})`;
}

/** Since when a workload is suspended, and by whom, as a sentence has it. */
export interface Suspension {
  time: string;
  /** "by alice: the database is moved", "last written by kubectl" */
  who: string;
}

/**
 * As `suspend --reason` has noted it; else when `spec.suspend` was last written, and by whom. A manager has one time for all of
 * its fields, so the suspension may be older than that, never younger.
 */
export function suspendedSince(workload: LiveObject): Suspension | undefined {
  const note = noteOf(workload);
  if (note && !Number.isNaN(Date.parse(note.at)))
    return { time: note.at, who: `by ${note.by}: ${note.reason}` };
  const writers = (workload.metadata.managedFields ?? [])
    .filter(({ fieldsV1, time }) => time !== undefined && fieldsV1?.["f:spec"]?.["f:suspend"] !== undefined)
    .map(({ manager = "somebody", time = "" }) => ({ time, who: `last written by ${manager}` }));
  return writers.sort((a, b) => Date.parse(b.time) - Date.parse(a.time))[0];
}

/** The note as it stands with a workload; undefined without one. `at` is as it was written. */
function noteOf({ metadata }: KubeObject): { reason: string; by: string; at: string } | undefined {
  const { annotations = {} } = metadata;
  const reason = annotations[annotation.suspendReason];
  if (reason === undefined) return undefined;
  return {
    reason,
    by: annotations[annotation.suspendBy] ?? "somebody",
    at: annotations[annotation.suspendAt] ?? "",
  };
}
