import type { FluxWorkload } from "../../flux/workload.js";
import { requestAnnotation } from "../../names.js";
import { visible } from "../../text/visible.js";
import type { Step } from "./answer.js";
import { type RequestedOperation, requestedOperation } from "./operation.js";
import { annotationStep } from "./operation-step.js";
import type { Situation } from "./situation.js";

/** Who asked, by the annotation that Flux's controllers add to their events while the workload has it. */
const key = requestAnnotation.requestedBy;

const longest = 100;

/**
 * Who asked for an operation, as the Application says, which whoever may write Applications can say as they like; undefined
 * where it says nothing.
 */
export function requesterOf({ initiatedBy }: RequestedOperation): string | undefined {
  const { username } = initiatedBy ?? {};
  // half a character would be kept as another one, and not be known again
  return username
    ? visible(username)
        .slice(0, longest)
        .replace(/[\ud800-\udbff]$/, "")
    : undefined;
}

/** What is to be changed of a workload's annotations so that Flux names who asked for this operation, and nobody else. */
export function namingRequester(
  operation: RequestedOperation,
  { metadata }: FluxWorkload,
): Record<string, string | null> {
  const requester = requesterOf(operation);
  return metadata.annotations?.[key] === requester ? {} : { [key]: requester ?? null };
}

/** Takes away from the workload who asked for the Application's operation, when that is over. */
export function forgetRequester({ application, workload, denial }: Situation): Step[] {
  const named = workload?.metadata.annotations?.[key];
  const operation = requestedOperation(application);
  if (!workload || !operation || named === undefined || denial !== undefined) return [];
  if (named !== requesterOf(operation)) return [];
  return [annotationStep(workload, { [key]: null })];
}
