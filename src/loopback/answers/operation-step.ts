import type { Application, OperationState } from "../../argo/application.js";
import { statusPatch } from "../../argo/status-patch.js";
import { askableKind } from "../../flux/workload.js";
import type { LiveObject } from "../../kube/object.js";
import { historyOf } from "../../report/history.js";
import { ended } from "../../report/kept.js";
import { kubeTime } from "../../text/time.js";
import type { Step } from "./answer.js";
import { requestedOperation } from "./operation.js";
import { permittedContent, permittedOrigin, type Situation } from "./situation.js";

/** Writes how far the operation of an Application is; undefined when that is there already. */
export function operationStep(application: Application, operationState: OperationState): Step | undefined {
  const { status } = application;
  const change = statusPatch(status, { ...status, operationState });
  return change && patchStep(application, { status: change });
}

/**
 * Ends the operation of an Application: what it came to, also in the history, and `.operation` removed in the same write, since
 * Argo CD's server terminates what has both. `argocd app sync` and `argocd app wait` go on until `reconciledAt` is not before the
 * end.
 *
 * @param metadata of the Application, what else is to be changed of it
 */
export function endStep(
  situation: Situation,
  result: Pick<OperationState, "phase" | "message" | "syncResult">,
  metadata?: object,
): Step {
  const { application, workload, denial, now } = situation;
  const { status } = application;
  const end = kubeTime(now);
  const operationState: OperationState = {
    // of a workload that must not be shown not even this
    operation: ended(
      requestedOperation(application) ?? {},
      denial === undefined ? workload : undefined,
      permittedContent(situation),
    ),
    startedAt: startOf(status?.operationState) ?? end,
    ...result,
    finishedAt: end,
  };
  const history =
    denial === undefined
      ? historyOf({ application, workload, origin: permittedOrigin(situation), operation: operationState })
      : [];
  const change = statusPatch(status, { ...status, operationState, history });
  return patchStep(application, {
    ...(metadata ? { metadata } : {}),
    operation: null,
    status: { ...change, reconciledAt: end },
  });
}

/** Changes the Application, as long as it is the one that was read. */
export function patchStep({ metadata }: Application, patch: Readonly<Record<string, unknown>>): Step {
  const { name, namespace, resourceVersion } = metadata;
  return { do: "patch", ref: { name, namespace }, patch, resourceVersion };
}

/** Asks a Flux object, or takes back what was said with that, as long as it is the one that was read. */
export function annotationStep(
  object: LiveObject,
  annotations: Readonly<Record<string, string | null>>,
): Step {
  const { name, namespace, resourceVersion } = object.metadata;
  return {
    do: "annotate",
    kind: askableKind(object),
    ref: { name, namespace },
    annotations,
    resourceVersion,
  };
}

/** What is over was an operation before: whoever starts one with kubectl leaves it there. */
function startOf(state: OperationState | undefined): string | undefined {
  return state?.finishedAt === undefined ? state?.startedAt : undefined;
}
