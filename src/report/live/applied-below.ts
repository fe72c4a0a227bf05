import { inventoryOf, isOperatorApplier } from "../../flux/inventory.js";
import type { LiveObject } from "../../kube/object.js";
import { keyOf } from "../../kube/object-id.js";
import type { LiveObjects } from "./live-index.js";

/** Keys of what an object applied that is drawn below it, whether it is there or not. */
export function keysAppliedBelow(object: LiveObject): string[] {
  return isOperatorApplier(object) ? inventoryOf(object).map(keyOf) : [];
}

/** Of that what is there. */
export function appliedBelow(object: LiveObject, live: Pick<LiveObjects, "get">): LiveObject[] {
  return keysAppliedBelow(object).flatMap((key) => live.get(key) ?? []);
}
