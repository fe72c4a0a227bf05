import type { OperationState } from "../argo/application.js";
import { type Mention, meantBy, mentionsIn } from "../flux/mentions.js";
import { lastVerdictOf } from "../flux/state.js";
import type { FluxWorkload } from "../flux/workload.js";
import { keyOf, type ObjectId } from "../kube/object-id.js";

export interface Blame {
  /** by `keyOf()`: of each object that Flux failed with, what it says of it, and of no other */
  of: ReadonlyMap<string, string>;
  /** those that are none of the objects asked about */
  others: Mention[];
}

/** Which objects the message of a failure names. One that may mean several of them blames none. */
export function blameIn(message: string, objects: readonly ObjectId[]): Blame {
  const of = new Map<string, string>();
  const others: Mention[] = [];
  for (const mention of mentionsIn(message)) {
    if (mention.isDone) continue;
    const meant = meantBy(mention, objects);
    const [object] = meant;
    if (!object) others.push(mention);
    else if (meant.length === 1) of.set(keyOf(object), mention.said);
  }
  return { of, others };
}

/**
 * What a workload failed with, while that stands: also when Flux tries the same once more, which takes its words away until it
 * fails again. Undefined when it has not failed.
 *
 * @param last the last operation, as it is reported
 */
export function standingFailure(
  workload: FluxWorkload,
  last: OperationState | undefined,
): string | undefined {
  const verdict = lastVerdictOf(workload);
  if (verdict.is === "failed") return verdict.message;
  return verdict.is === "reconciling" && last?.phase === "Failed" ? last.message : undefined;
}
