import type { SyncCode } from "../argo/application.js";
import { conditionOf } from "../flux/condition.js";
import { isBusy, isStale } from "../flux/readiness.js";
import { hasApplied } from "../flux/revision.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";

/**
 * Whether a workload has applied what its source holds, in Argo CD's words: Synced when it is Ready at its current
 * generation and has, OutOfSync when it has not or failed, Unknown before its controller said anything.
 *
 * @param before what was reported last: it stands while Flux looks again at what it has applied already, which it does
 *   at each interval
 */
export function syncOf(
  workload: FluxWorkload,
  content: LiveObject | undefined,
  before: SyncCode | undefined,
): SyncCode {
  const ready = conditionOf(workload, "Ready");
  const isStalled = conditionOf(workload, "Stalled")?.status === "True";
  if (!ready) return isStalled ? "OutOfSync" : "Unknown";
  const applied = hasApplied(workload, content);
  if (applied === false || isStalled || ready.status === "False" || isStale(workload)) return "OutOfSync";
  if (ready.status === "True" && !isBusy(workload)) return "Synced";
  if (before === "Synced" || before === "OutOfSync") return before;
  return applied ? "Synced" : "OutOfSync";
}
