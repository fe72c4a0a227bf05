import { UserError } from "../errors.js";
import { type FluxWorkload, idOfWorkload, type Workload } from "../flux/workload.js";
import { type ObjectId, renderId } from "../kube/object-id.js";
import type { FluxView } from "./flux-view.js";
import type { HealthBelow } from "./health-below.js";
import { sight } from "./sighting.js";
import { holds, type WaitWish, waitStep } from "./wait-step.js";

/** A workload that is waited for, and how far that is. */
export interface WaitTask {
  readonly workload: Workload;
  readonly id: ObjectId;
  /** the source was seen to hold the revision that is asked for, or Flux to try it */
  wasHeld: boolean;
  /** what keeps it, behind "it" */
  because: string;
  hint: string | undefined;
  /** how the objects below it are, while Flux is ready with it */
  below: HealthBelow | undefined;
}

export type WaitTaskStep =
  | { is: "ready"; message: string; workload: FluxWorkload }
  | { is: "waiting"; because: string; hint?: string }
  | { is: "failed"; error: UserError };

export function waitTaskFor(workload: Workload): WaitTask {
  const id = idOfWorkload(workload);
  return { workload, id, wasHeld: false, because: "was not read yet", hint: undefined, below: undefined };
}

/** How far Flux is with a workload, by all that is known now. */
export function waitTaskStep(task: WaitTask, view: FluxView<WaitTask>, wish: WaitWish): WaitTaskStep {
  const seen = sight(view, task, task.id, wish.until === "reconciled");
  if (seen.is === "gone")
    return { is: "failed", error: failureOf(task.workload, "it does not exist any more") };
  if (seen.is !== "seen") return seen;
  const step = waitStep({ ...seen, wish, wasHeld: task.wasHeld });
  task.wasHeld ||= holds({ ...seen, wish });
  if (step.is === "failed") return { is: "failed", error: failureOf(task.workload, step.why, step.hint) };
  return step.is === "ready" ? { ...step, workload: seen.workload } : step;
}

function failureOf(workload: Workload, why: string, hint?: string): UserError {
  return new UserError(`Cannot wait for ${renderId(workload)}: ${why}`, { hint });
}
