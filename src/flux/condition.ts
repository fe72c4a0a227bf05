/** `status.conditions` and what every reconciled Flux object carries (all API versions from Flux 0.37 on). */

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  /** 0 or absent: the object's `status.observedGeneration` counts (HelmRelease) */
  observedGeneration?: number;
}

export interface ReconciledStatus {
  observedGeneration?: number;
  conditions?: Condition[];
}

export interface Reconciled {
  metadata: { generation?: number };
  status?: ReconciledStatus;
}

/** kstatus' words for how far an object is. */
export interface Readiness {
  status: "Current" | "InProgress" | "Failed";
  /** the controller's own words; undefined when it has said nothing yet */
  message: string | undefined;
}

/**
 * How far the controller is with an object, by the rules of `flux` (kstatus): nothing counts before the first
 * observation, and Ready counts for the current generation only. Suspension is not part of it.
 */
export function readinessOf(object: Reconciled): Readiness {
  const { conditions = [], observedGeneration = -1 } = object.status ?? {};
  const generation = object.metadata.generation ?? 0;
  const find = (type: string) => conditions.find((condition) => condition.type === type);
  const stalled = find("Stalled");
  if (stalled?.status === "True") return { status: "Failed", message: stalled.message };
  const reconciling = find("Reconciling");
  if (reconciling?.status === "True") return { status: "InProgress", message: reconciling.message };
  const ready = find("Ready");
  if (!ready || observedGeneration < 1) return { status: "InProgress", message: undefined };
  if ((ready.observedGeneration || observedGeneration) < generation)
    return { status: "InProgress", message: undefined };
  if (ready.status === "True") return { status: "Current", message: ready.message };
  return { status: ready.status === "False" ? "Failed" : "InProgress", message: ready.message };
}
