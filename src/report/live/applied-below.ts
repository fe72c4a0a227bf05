import { listedBelow } from "../../flux/inventory.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, keyOf } from "../../kube/object-id.js";
import type { LiveObjects } from "./live-index.js";

/** Keys of the sources of a workload: what such a one has made besides does not belong to the workload. */
export type SourceKeys = Pick<ReadonlySet<string>, "has">;

/** Keys of what an object applied that is drawn below it, whether it is there or not. */
export function keysAppliedBelow(object: LiveObject, sources: SourceKeys): string[] {
  const listed = listedBelow(object);
  return listed.length === 0 || sources.has(keyOf(idOf(object))) ? [] : listed.map(keyOf);
}

/** Of that what is there. */
export function appliedBelow(
  object: LiveObject,
  live: Pick<LiveObjects, "get">,
  sources: SourceKeys,
): LiveObject[] {
  return keysAppliedBelow(object, sources).flatMap((key) => live.get(key) ?? []);
}
