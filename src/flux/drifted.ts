import { redact } from "../redact.js";
import { conditionOf } from "./condition.js";
import type { FluxWorkload } from "./workload.js";

/**
 * What helm-controller itself found to be otherwise than it released it, a line for each object: "Deployment/apps/web changed (0
 * additions, 1 changes, 0 removals)" (helm-controller 1.6, `SummarizeDiffSet`). Undefined for nothing, and where it was told not to look
 * any more: then the condition stays as it was.
 */
export function driftedMessage(workload: FluxWorkload): string | undefined {
  if (workload.kind !== "HelmRelease") return undefined;
  const { mode = "disabled" } = workload.spec?.driftDetection ?? {};
  const drifted = conditionOf(workload, "Drifted");
  if (mode === "disabled" || drifted?.status !== "True") return undefined;
  return redact(drifted.message ?? "");
}
