import { type Condition, conditionOf } from "./condition.js";
import type { FluxWorkload } from "./workload.js";

/** What a workload failed with. Of a release that was rolled back, Ready tells that, and Released why. */
export function failuresOf(workload: FluxWorkload): Condition[] {
  return ["Ready", "Released"]
    .map((type) => conditionOf(workload, type))
    .filter((condition) => condition?.status === "False") as Condition[];
}

/** Each message once; "" for none. */
export function messagesOf(conditions: readonly Condition[]): string {
  return [...new Set(conditions.map(({ message = "" }) => message))].filter((text) => text !== "").join("; ");
}
