import { conditionOf } from "./condition.js";
import type { FluxWorkload } from "./workload.js";

/**
 * What a workload failed with, each message once; "" for none. Of a release that was rolled back Released tells why, Remediated
 * what became of it, and Ready repeats one of them.
 */
export function failureMessage(workload: FluxWorkload): string {
  const stalled = conditionOf(workload, "Stalled");
  const released = conditionOf(workload, "Released");
  const ready = conditionOf(workload, "Ready");
  const messages = [
    stalled?.status === "True" ? stalled.message : undefined,
    ...(released?.status === "False" ? [released.message, conditionOf(workload, "Remediated")?.message] : []),
    ready?.status === "False" ? ready.message : undefined,
  ];
  return [...new Set(messages)].filter((text) => text).join("; ");
}
