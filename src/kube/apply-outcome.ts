/** What an apply did, or would do, by what people write into an object. Pure. */
import { isDeepStrictEqual } from "node:util";
import { isMap } from "../is-map.js";
import type { LiveObject } from "./object.js";

export type ApplyOutcome = "created" | "configured" | "unchanged";

/** What people write: without `status`, and without what the API server keeps of each object. */
export function contentOf(object: LiveObject & { status?: unknown }): object {
  const { status, metadata, ...rest } = object;
  const { managedFields, resourceVersion, generation, uid, creationTimestamp, ...written } = metadata;
  return { ...rest, metadata: written };
}

/** @param before null when there was none; both as {@link contentOf} or another function of the caller's makes them */
export function compareApplied(before: object | null, after: object): ApplyOutcome {
  if (!before) return "created";
  return isDeepStrictEqual(before, after) ? "unchanged" : "configured";
}

/** What an apply would do, as far as that can be told without the API server, which adds defaults and what others own. */
export function predictApplied(before: object | null, wanted: object): ApplyOutcome {
  if (!before) return "created";
  return covers(before, wanted) ? "unchanged" : "configured";
}

/** Lists have to be as long: which of their items belong together only a schema says. */
function covers(have: unknown, want: unknown): boolean {
  if (Array.isArray(want) && Array.isArray(have)) {
    return have.length === want.length && want.every((item, index) => covers(have[index], item));
  }
  if (!isMap(want) || !isMap(have)) return isDeepStrictEqual(have, want);
  return Object.entries(want).every(([key, value]) => covers(have[key], value));
}
