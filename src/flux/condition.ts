/** What every reconciled Flux object carries (all API versions from Flux 0.37 on). */
import { parseTime } from "../text/time.js";

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  /** 0 or absent: the object's `status.observedGeneration` counts (HelmRelease) */
  observedGeneration?: number;
  lastTransitionTime?: string;
}

export interface ReconciledStatus {
  observedGeneration?: number;
  conditions?: Condition[];
  /** the request that was handled last */
  lastHandledReconcileAt?: string;
}

export interface Reconciled {
  metadata: { generation?: number };
  spec?: { suspend?: boolean };
  status?: ReconciledStatus;
}

/** Without a time that nobody could read: whoever may write a status may write anything there. */
export function conditionOf({ status }: Reconciled, type: string): Condition | undefined {
  const { conditions } = status ?? {};
  const found = Array.isArray(conditions)
    ? conditions.find((condition) => condition?.type === type)
    : undefined;
  if (found?.lastTransitionTime === undefined || parseTime(found.lastTransitionTime) !== undefined)
    return found;
  const { lastTransitionTime: _, ...rest } = found;
  return rest;
}
