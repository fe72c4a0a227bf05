import type { Application } from "../../argo/application.js";
import {
  isAsMade,
  isElsewhere,
  isGenerated,
  isMadeByAuto,
  loopbackStateOf,
  shownBy,
} from "../../argo/generated.js";
import { isWorkloadId, type WorkloadId, workloadKinds } from "../../flux/workload.js";
import { keyOf } from "../../kube/object-id.js";
import { type Known, unsureBecause } from "./known.js";

/**
 * What an Application shows that `--auto` made and may remove. Undefined for every other one: of which somebody removed the
 * annotation or changed what it shows, which Argo CD itself reconciles by now, which is being deleted.
 */
export function shownByOwn(application: Application): WorkloadId | undefined {
  const isOwn =
    isGenerated(application) &&
    isMadeByAuto(application) &&
    application.metadata.deletionTimestamp === undefined &&
    loopbackStateOf(application) === "ours" &&
    !isElsewhere(application) &&
    isAsMade(application);
  const shown = shownBy(application);
  return isOwn && isWorkloadId(shown) ? shown : undefined;
}

/** Whether a workload is gone for sure: of its kind all are known, and it is not among them. */
export function isGone(workload: WorkloadId, known: Known): boolean {
  if (known.workloads.has(keyOf(workload))) return false;
  return unsureBecause(workloadKinds[workload.kind], known) === undefined;
}
