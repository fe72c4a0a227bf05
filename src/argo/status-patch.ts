import { isDeepStrictEqual } from "node:util";
import { isMap } from "../is-map.js";
import type { ApplicationStatus } from "./application.js";

/** The parts of `.status` that a report owns: left out there, they are removed. */
const owned = [
  "sync",
  "health",
  "resources",
  "operationState",
  "history",
  "summary",
  "conditions",
  "sourceType",
] as const satisfies readonly (keyof ApplicationStatus)[];

/**
 * The merge patch (RFC 7386) that turns one status into another; undefined when nothing but the time of the report is new, so
 * that nothing needs to be written.
 */
export function statusPatch(
  before: ApplicationStatus | undefined,
  after: ApplicationStatus,
): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const part of owned) {
    const change = mergePatch(untimed(part, before), untimed(part, after));
    if (change !== undefined) patch[part] = change;
  }
  if (Object.keys(patch).length === 0) return undefined;
  const since = after.health?.lastTransitionTime;
  if (since !== undefined && since !== before?.health?.lastTransitionTime)
    patch["health"] = { ...(patch["health"] as object | undefined), lastTransitionTime: since };
  return after.reconciledAt === undefined ? patch : { ...patch, reconciledAt: after.reconciledAt };
}

/** Since when the health is so is dropped by an API server whose CRD does not have it: that alone is nothing to write. */
function untimed(part: (typeof owned)[number], status: ApplicationStatus | undefined): unknown {
  if (part !== "health" || !status?.health) return status?.[part];
  const { lastTransitionTime: _, ...health } = status.health;
  return health;
}

/** Undefined for no change; null removes. */
function mergePatch(before: unknown, after: unknown): unknown {
  if (after === undefined) return before === undefined ? undefined : null;
  if (!isMap(before) || !isMap(after)) return isSame(before, after) ? undefined : after;
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = mergePatch(before[name], after[name]);
    if (change !== undefined) patch[name] = change;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** Argo CD's server, which writes Applications too, leaves out empty lists. */
function isSame(before: unknown, after: unknown): boolean {
  return isDeepStrictEqual(before ?? [], after) || isDeepStrictEqual(before, after);
}
