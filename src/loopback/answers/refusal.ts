import { idOf, renderId } from "../../kube/object-id.js";
import type { Answer } from "./answer.js";
import { eventFor } from "./event.js";
import { endStep } from "./operation-step.js";
import type { Situation } from "./situation.js";

/**
 * What is to be done when the API server does not let flamingo carry out an answer, which nobody would hear of: an operation fails
 * with the reason, of a deletion, which stands still, an Event tells it.
 *
 * @param why "Cannot patch GitRepository podinfo in apps: …"
 */
export function refusalFor(situation: Situation, why: string): Answer | undefined {
  const { application, now, eventLabels: labels } = situation;
  const { deletionTimestamp } = application.metadata;
  const log = [`${renderId(idOf(application))}: ${why}`];
  if (deletionTimestamp) {
    const event = eventFor(
      application,
      { type: "Warning", reason: "FluxObjectsNotDeleted", message: why },
      { now, labels },
    );
    return { steps: [{ do: "event", event }], refresh: false, log };
  }
  if (!application.operation) return undefined;
  // whatever else its end would write may be what is not let through
  return { steps: [endStep(situation, { phase: "Failed", message: why })], refresh: false, log };
}
