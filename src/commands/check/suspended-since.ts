import type { LiveObject } from "../../kube/object.js";

/**
 * When `spec.suspend` was last written, and by whom. A manager has one time for all of its fields, so the suspension may be
 * older than this, never younger.
 */
export function suspendedSince({ metadata }: LiveObject): { time: string; manager: string } | undefined {
  const writers = (metadata.managedFields ?? [])
    .filter(({ fieldsV1, time }) => time !== undefined && fieldsV1?.["f:spec"]?.["f:suspend"] !== undefined)
    .map(({ manager = "somebody", time = "" }) => ({ time, manager }));
  return writers.sort((a, b) => Date.parse(b.time) - Date.parse(a.time))[0];
}
