import type { LiveObject } from "../../kube/object.js";
import { suspensionNoteOf } from "../../operate/suspension.js";

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
  const note = suspensionNoteOf(workload);
  if (note && !Number.isNaN(Date.parse(note.at)))
    return { time: note.at, who: `by ${note.by}: ${note.reason}` };
  const writers = (workload.metadata.managedFields ?? [])
    .filter(({ fieldsV1, time }) => time !== undefined && fieldsV1?.["f:spec"]?.["f:suspend"] !== undefined)
    .map(({ manager = "somebody", time = "" }) => ({ time, who: `last written by ${manager}` }));
  return writers.sort((a, b) => Date.parse(b.time) - Date.parse(a.time))[0];
}
