/** What every reconciled Flux object carries (all API versions from Flux 0.37 on). */

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

export function conditionOf({ status }: Reconciled, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isSuspended({ spec }: Reconciled): boolean {
  return spec?.suspend === true;
}
