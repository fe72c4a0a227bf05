import type { Application } from "../../argo/application.js";
import { loopbackStateOf } from "../../argo/generated.js";
import { idOf, renderId } from "../../kube/object-id.js";
import { requestAnnotation } from "../../names.js";
import { kubeTime } from "../../text/time.js";
import type { Answer, Step } from "./answer.js";
import { deletionAnswer } from "./deletion.js";
import { end, type Move } from "./moves.js";
import { requestedOperation } from "./operation.js";
import type { Situation } from "./situation.js";
import { syncMove } from "./sync.js";

/**
 * What is to be done about what people asked of an Application: with Argo CD's Sync, Rollback, Terminate, Refresh and Delete,
 * or with kubectl. Undefined when there is nothing to do now. Made anew after each change of the Application or of its Flux
 * objects; it keeps nothing in between, so that it may be somebody else who goes on.
 */
export function answerFor(situation: Situation): Answer | undefined {
  const { application } = situation;
  if (!isAsked(application)) return undefined;
  const asked = application.metadata.deletionTimestamp
    ? deletionAnswer(situation)
    : logged(operationMove(situation));
  const refresh = refreshSteps(situation);
  if (!asked && refresh.length === 0) return undefined;
  return {
    steps: [...(asked?.steps ?? []), ...refresh],
    refresh: refresh.length > 0,
    log: (asked?.log ?? []).map((line) => `${renderId(idOf(application))}: ${line}`),
  };
}

/** Whether somebody asks something of an Application that flamingo speaks for, which is rarely the case. */
function isAsked(application: Application): boolean {
  const { metadata, operation } = application;
  const { annotations = {}, deletionTimestamp } = metadata;
  if (loopbackStateOf(application) !== "ours") return false;
  return (
    operation !== undefined ||
    deletionTimestamp !== undefined ||
    refreshKeys.some((key) => key in annotations)
  );
}

const refreshKeys = [requestAnnotation.refresh, requestAnnotation.hydrate];

function operationMove(situation: Situation): Move | undefined {
  const { application } = situation;
  const operation = requestedOperation(application);
  if (!operation) return undefined;
  // Argo CD's own words. Flux is not told: what it does it would do anyway
  if (application.status?.operationState?.phase === "Terminating")
    return end(situation, { phase: "Failed", message: "Operation terminated" });
  return syncMove(situation, operation);
}

/**
 * Argo CD's server waits until the annotation is gone. Removed whatever else has changed: what was asked for in the meantime is
 * reported with the rest.
 */
function refreshSteps({ application, now }: Situation): Step[] {
  const { annotations = {}, name, namespace } = application.metadata;
  const asked = refreshKeys.filter((key) => key in annotations);
  if (asked.length === 0) return [];
  const removed = Object.fromEntries(asked.map((key) => [key, null]));
  const patch = { metadata: { annotations: removed }, status: { reconciledAt: kubeTime(now) } };
  return [{ do: "patch", ref: { name, namespace }, patch }];
}

function logged(move: Move | undefined): { steps: Step[]; log: string[] } | undefined {
  return move && { steps: move.steps, log: [move.says] };
}
