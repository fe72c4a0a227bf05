import { isSuspended } from "../../flux/suspension.js";
import { renderId } from "../../kube/object-id.js";
import type { RequestedSync } from "./operation.js";
import { type Situation, unreadBecause } from "./situation.js";
import { typedName } from "./to-type.js";
import { refusedWish } from "./wishes.js";

/** Why nothing can be reconciled, or not as it was asked for: a sentence; undefined when it can. */
export function obstacleTo(situation: Situation, sync: RequestedSync): string | undefined {
  const { application, workload, workloadId, denial } = situation;
  if (denial !== undefined) return denial;
  const name = renderId(workloadId);
  if (!workload) {
    const because = unreadBecause(situation, workloadId);
    return because === undefined
      ? `${name} does not exist; to delete the Application: flamingo delete ${typedName(application)}`
      : `Cannot read ${name}: ${because}`;
  }
  if (workload.metadata.deletionTimestamp) return `${name} is being deleted`;
  return (
    refusedWish(sync, workload, application) ??
    (isSuspended(workload)
      ? `${name} is suspended: resume it first (flamingo resume ${typedName(application)})`
      : missingSource(situation))
  );
}

/** Whether something that matters cannot be seen at the moment. */
export function isUnknown(situation: Situation): boolean {
  const { workload, workloadId, chain, isUndecided } = situation;
  const wanted = workload ? chain.dangling : [workloadId];
  return isUndecided || wanted.some((id) => unreadBecause(situation, id) !== undefined);
}

function missingSource(situation: Situation): string | undefined {
  const { chain, permitted } = situation;
  const [id] = chain.dangling;
  if (!id) return undefined;
  const because = unreadBecause(situation, id);
  if (!permitted(id))
    return because === undefined ? "Its source does not exist" : `Cannot read its source: ${because}`;
  return because === undefined ? `${renderId(id)} does not exist` : `Cannot read ${renderId(id)}: ${because}`;
}
