import { UserError } from "../errors.js";
import { waitingChainOf } from "../flux/dependencies.js";
import type { ReconcileRequest } from "../flux/reply.js";
import { type SourceChain, sourceChainOf } from "../flux/source-chain.js";
import { type FluxWorkload, idOfWorkload, type Workload } from "../flux/workload.js";
import { isForbidden } from "../kube/failure.js";
import { type ObjectId, renderId } from "../kube/object-id.js";
import type { FluxView } from "./flux-view.js";
import { nextStep, type ReconcileStep, type ReconcileWish } from "./reconciliation.js";

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
  const look = (wanted: ObjectId) => view.look(task, wanted);
  const find = look as (wanted: ObjectId) => FluxWorkload | "unread" | undefined;
  const workload = find(id);
  if (!workload) return { is: "failed", error: failureOf(named, "it does not exist any more") };
  if (workload === "unread") return unreadStep(id, view);
  const chain = sourceChainOf(workload, view.objects);
  const unread = chain.sought.filter((source) => look(source) === "unread");
  const unknown = unread.find((source) => wish.withSource || !view.troubleWith(source));
  if (unknown) return unreadStep(unknown, view);
  if (wish.withSource) onChain(chain);
  const step = nextStep({
    workload,
    chain,
    wish,
    request,
    isUnread: (source) => look(source) === "unread",
    waitingFor: () => waitingChainOf(workload, find),
  });
  return step.is === "failed" ? { ...step, error: failureOf(named, step.why, step.hint) } : step;
}

/** What cannot be read for lack of a right will not be; everything else is being read. */
function unreadStep(id: ObjectId, view: FluxView<ReconcileTask>): TaskStep {
  const error = view.troubleWith(id);
  if (error && isForbidden(error)) return { is: "failed", error };
  return { is: "waiting", because: `waits until ${renderId(id)} is read` };
}

function failureOf(workload: Workload, why: string, hint?: string): UserError {
  return new UserError(`Cannot reconcile ${renderId(workload)}: ${why}`, { hint });
}
