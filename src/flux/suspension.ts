import type { KubeObject, LiveObject } from "../kube/object.js";
import { annotation } from "../names.js";

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
