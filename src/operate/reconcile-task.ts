import { UserError } from "../errors.js";
import type { ReconcileRequest } from "../flux/reply.js";
import type { SourceChain } from "../flux/source-chain.js";
import { idOfWorkload, type Workload } from "../flux/workload.js";
import { type ObjectId, renderId } from "../kube/object-id.js";
import type { FluxView } from "./flux-view.js";
import { nextStep, type ReconcileStep, type ReconcileWish } from "./reconciliation.js";
import { sight } from "./sighting.js";

/** A workload that is to be reconciled, and how far that is. */
export interface ReconcileTask {
  readonly workload: Workload;
  readonly id: ObjectId;
  request: OwnRequest;
  /** of the request, see `nextStep()` */
  isSpent: boolean;
  /** what it waits for, behind "it" */
  because: string;
}

export interface OwnRequest extends ReconcileRequest {
  asked: Map<string, string>;
}

export type TaskStep =
  | Exclude<ReconcileStep, { is: "failed" }>
  | { is: "failed"; error: UserError; isSpent?: boolean };

export function taskFor(workload: Workload, request: OwnRequest): ReconcileTask {
  return { workload, id: idOfWorkload(workload), request, isSpent: false, because: "was not read yet" };
}

export function requestAt(moment: Date): OwnRequest {
  return { token: moment.toISOString(), asked: new Map() };
}

/**
 * What is next for a workload, by all that is known now.
 *
 * @param onChain told the sources, before they are asked to be fetched
 */
export function stepOf(
  task: ReconcileTask,
  view: FluxView<ReconcileTask>,
  wish: ReconcileWish,
  onChain: (chain: SourceChain) => void,
): TaskStep {
  const { id, workload: named, request } = task;
  const seen = sight(view, task, id, wish.withSource);
  if (seen.is === "gone") return { is: "failed", error: failureOf(named, "it does not exist any more") };
  if (seen.is !== "seen") return seen;
  if (wish.withSource) onChain(seen.chain);
  const step = nextStep({ ...seen, wish, request });
  return step.is === "failed" ? { ...step, error: failureOf(named, step.why, step.hint) } : step;
}

function failureOf(workload: Workload, why: string, hint?: string): UserError {
  return new UserError(`Cannot reconcile ${renderId(workload)}: ${why}`, { hint });
}
