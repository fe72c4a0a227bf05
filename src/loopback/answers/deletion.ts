import { withoutArgoFinalizers } from "../../argo/finalizer.js";
import { cascadesToFlux } from "../../argo/generated.js";
import type { Event } from "../../kube/kinds.js";
import { renderId } from "../../kube/object-id.js";
import { annotation } from "../../names.js";
import { andList } from "../../text/and-list.js";
import type { Answer, Step } from "./answer.js";
import { cascadeOf } from "./cascade.js";
import { eventFor } from "./event.js";
import { endStep, patchStep } from "./operation-step.js";
import { forgetRequester } from "./requester.js";
import { type Situation, unreadBecause } from "./situation.js";

/**
 * What is to be done with an Application that is being deleted. Argo CD's finalizers, which nobody else takes away, go; what Flux
 * has stays, unless the Application says `flamingo/cascade: flux`.
 */
export function deletionAnswer(situation: Situation): Omit<Answer, "refresh"> | undefined {
  const { application, workloadId } = situation;
  const { finalizers = [] } = application.metadata;
  const others = withoutArgoFinalizers(finalizers);
  const isHeld = others.length < finalizers.length;
  const metadata = { finalizers: others };
  const last = application.operation
    ? endStep(
        situation,
        { phase: "Failed", message: "The Application is being deleted" },
        isHeld ? metadata : undefined,
      )
    : patchStep(application, { metadata });
  const ending = [...forgetRequester(situation), last];
  if (!isHeld) return application.operation ? { steps: ending, log: [] } : undefined;
  if (!cascadesToFlux(application)) {
    const message = `${renderId(workloadId)} stays, and so does what it applied: only an Application with the annotation ${annotation.cascade}: flux takes it along`;
    return { steps: [event(situation, "Normal", "FluxObjectsKept", message), ...ending], log: [message] };
  }
  const because = unknownBecause(situation);
  if (because !== undefined) {
    const message = `The Application waits to be deleted: ${because}`;
    return { steps: [event(situation, "Warning", "FluxObjectsUnknown", message)], log: [message] };
  }
  const { steps, deleted, kept } = cascadeOf(situation);
  const told = [...(deleted.length > 0 ? [`${andList(deleted)} deleted`] : []), ...kept].join("; ");
  const notice =
    deleted.length > 0
      ? event(situation, "Normal", "FluxObjectsDeleted", told)
      : event(situation, "Warning", "FluxObjectsKept", told);
  return { steps: [...steps, notice, last], log: [told] };
}

/** What is known soon, or nobody knows; who asked for a cascade would not want it forgotten. */
function unknownBecause(situation: Situation): string | undefined {
  const { workload, workloadId, denial, isUndecided } = situation;
  if (isUndecided) return denial;
  const because = workload || denial !== undefined ? undefined : unreadBecause(situation, workloadId);
  return because && `Cannot read ${renderId(workloadId)}: ${because}`;
}

function event(situation: Situation, type: Event["type"], reason: string, message: string): Step {
  const { application, now, eventLabels: labels } = situation;
  return { do: "event", event: eventFor(application, { type, reason, message }, { now, labels }) };
}
