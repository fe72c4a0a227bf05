import type { OperationState } from "../../argo/application.js";
import { askedWith, type ReconcileRequest } from "../../flux/reply.js";
import { wantedRevision } from "../../flux/revision.js";
import type { FluxWorkload } from "../../flux/workload.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, keyOf, renderId } from "../../kube/object-id.js";
import { requestAnnotation } from "../../names.js";
import { andList } from "../../text/and-list.js";
import { kubeTime } from "../../text/time.js";
import type { Step } from "./answer.js";
import { progressOf, type RequestedOperation, recorded } from "./operation.js";
import { annotationStep, endStep, operationStep } from "./operation-step.js";
import { forgetRequester, namingRequester } from "./requester.js";
import { permittedContent, type Situation } from "./situation.js";

/** What is to be done for an operation, and what to say about it. */
export interface Move {
  steps: Step[];
  says: string;
}

/** An operation that is under way. */
export interface Underway {
  situation: Situation;
  operation: RequestedOperation;
  progress: ReconcileRequest;
}

/**
 * Records what Flux is asked with, then asks it. Whoever goes on after a flamingo that ended in between finds the objects without
 * that and asks with the same, so that nothing is done twice; the other way round Flux might be asked anew.
 */
export function ask({ situation, operation, progress }: Underway, objects: readonly LiveObject[]): Move {
  const { application, workload, now } = situation;
  const { token } = progress;
  const asked = new Map(progress.asked);
  for (const object of objects) asked.set(keyOf(idOf(object)), askedWith(object));
  const state = application.status?.operationState;
  const isBegun = progressOf(state) !== undefined;
  const revision = workload && wantedRevision(workload, permittedContent(situation));
  const { source } = application.spec ?? {};
  // the source may have set Flux to work already
  const resources = isBegun ? state?.syncResult?.resources : undefined;
  const running: OperationState = {
    operation: recorded(operation, { token, asked }),
    phase: "Running",
    message: `Flux is asked to reconcile ${andList(objects.map((object) => renderId(idOf(object))))}`,
    startedAt: (isBegun && state?.startedAt) || kubeTime(now),
    ...(revision
      ? { syncResult: { revision, ...(source ? { source } : {}), ...(resources ? { resources } : {}) } }
      : {}),
  };
  const record = operationStep(application, running);
  const request = { [requestAnnotation.reconcile]: token };
  const naming = workload ? namingRequester(operation, workload) : {};
  const requests = objects.map((object) =>
    annotationStep(object, object === workload ? { ...request, ...naming } : request),
  );
  // of a source that has something new Flux hears before it is asked
  const isNamedFirst = workload && !objects.includes(workload) && Object.keys(naming).length > 0;
  const named = isNamedFirst ? [annotationStep(workload, naming)] : [];
  return { steps: [...(record ? [record] : []), ...named, ...requests], says: running.message ?? "" };
}

/** Passes on what Flux is doing; undefined when it was told already. */
export function tell({ application }: Situation, workload: FluxWorkload, message: string): Move | undefined {
  const state = application.status?.operationState;
  if (!state) return undefined;
  const says = `${renderId(idOf(workload))}: ${message}`;
  const step = operationStep(application, { ...state, message: says });
  return step && { steps: [step], says };
}

/** Ends the operation. */
export function end(
  situation: Situation,
  result: Pick<OperationState, "phase" | "message" | "syncResult">,
): Move {
  const outcome = result.phase === "Succeeded" ? "Sync succeeded" : "Sync failed";
  return {
    steps: [...forgetRequester(situation), endStep(situation, result)],
    says: result.message ? `${outcome}: ${result.message}` : outcome,
  };
}
