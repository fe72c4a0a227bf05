import type { FieldsV1, KubeObject, LiveObject } from "../kube/object.js";
import { groupOf } from "../kube/object-id.js";
import { annotation } from "../names.js";
import type { Reconciled } from "./condition.js";
import { operatorGroup } from "./groups.js";
import { ArtifactGenerator } from "./sources.js";

/**
 * Kinds without `spec.suspend` are switched off by an annotation of their group, in whatever case (flux-operator `api/v1`,
 * `IsDisabled()`; source-watcher `docs/spec/v1beta1/artifactgenerators.md`).
 */
export const switchedOff = "disabled";
export const switchedOn = "enabled";
const switchable: readonly string[] = [operatorGroup, ArtifactGenerator.group];

/** The annotation by which objects of a group are switched off and on; undefined where they have `spec.suspend`. */
export function switchOf(group: string): string | undefined {
  return switchable.includes(group) ? `${group}/reconcile` : undefined;
}

type Suspendable = KubeObject & Pick<Reconciled, "spec">;

/** Why Flux leaves an object as it is, however often somebody asks: "is suspended"; undefined for one that is reconciled. */
export function idleBecause({ apiVersion, metadata, spec }: Suspendable): string | undefined {
  if (spec?.suspend === true) return "is suspended";
  const key = switchOf(groupOf(apiVersion));
  if (key === undefined || metadata.annotations?.[key]?.toLowerCase() !== switchedOff) return undefined;
  return `is switched off (${key}: ${switchedOff})`;
}

/** Whether Flux leaves an object as it is. */
export function isSuspended(object: Suspendable): boolean {
  return idleBecause(object) !== undefined;
}

/** Since when a workload is suspended, and by whom, as a sentence has it. */
export interface Suspension {
  time: string;
  /** "by alice: the database is moved", "last written by kubectl" */
  who: string;
}

/**
 * As `suspend --reason` has noted it; else when `spec.suspend` or the annotation in its place was last written, and by whom. A manager
 * has one time for all of its fields, so the suspension may be older than that, never younger.
 */
export function suspendedSince(workload: LiveObject): Suspension | undefined {
  const note = noteOf(workload);
  if (note && !Number.isNaN(Date.parse(note.at)))
    return { time: note.at, who: `by ${note.by}: ${note.reason}` };
  const key = switchOf(groupOf(workload.apiVersion));
  const isSet = (fields: FieldsV1 = {}) =>
    key === undefined
      ? fields["f:spec"]?.["f:suspend"] !== undefined
      : fields["f:metadata"]?.["f:annotations"]?.[`f:${key}`] !== undefined;
  const writers = (workload.metadata.managedFields ?? [])
    .filter(({ fieldsV1, time }) => time !== undefined && isSet(fieldsV1))
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
