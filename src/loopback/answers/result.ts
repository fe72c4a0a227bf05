import type { OperationState } from "../../argo/application.js";
import { unaskedSources } from "../../flux/source-links.js";
import { conditionOf, type FluxWorkload } from "../../flux/status.js";
import { operationStateOf } from "../../report/operation.js";
import { permittedContent, type Situation } from "./situation.js";

/** What a Sync came to, when Flux is done with the workload. */
export function resultOf(
  situation: Situation,
  workload: FluxWorkload,
  { is, message }: { is: "done" | "failed"; message: string },
): Pick<OperationState, "phase" | "message" | "syncResult"> {
  const { operation: _, status: __, ...application } = situation.application;
  const ready = conditionOf(workload, "Ready");
  // after a failure Flux is reconciling until it tries again
  const settled = { ...workload, status: { ...workload.status, conditions: ready ? [ready] : [] } };
  const last = operationStateOf({
    application,
    workload: settled,
    content: permittedContent(situation),
    applied: situation.applied,
  });
  const remarks = [message, ...unaskedSources(situation)].filter((text) => text !== "").join("; ");
  return {
    phase: is === "done" ? "Succeeded" : "Failed",
    ...(remarks ? { message: remarks } : {}),
    ...(last?.syncResult ? { syncResult: last.syncResult } : {}),
  };
}
