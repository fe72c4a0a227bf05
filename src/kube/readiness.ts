/** How far an object says it is, by the conventions of Kubernetes' API (kstatus). Pure. */
import type { KubeObject } from "./object.js";

/** How far a controller is with an object, in kstatus' words. */
export interface Readiness {
  status: "Current" | "InProgress" | "Failed";
  /** what it waits for or failed with, in the controller's own words where it has any */
  message: string | undefined;
}

/** The fields of metav1.Condition that are read; the conditions of Kubernetes' older kinds have them, too. */
export interface Condition {
  type: string;
  status?: string;
  reason?: string;
  message?: string;
}

/**
 * How far an object is by `observedGeneration`, then the conditions Reconciling and Stalled, then Ready. Undefined when it
 * follows none of these conventions: kstatus itself would call such an object Current, which nobody can know.
 */
export function conventionalReadiness(object: KubeObject): Readiness | undefined {
  const abnormality = abnormalityOf(object);
  if (abnormality) return abnormality;
  const ready = findCondition(object, "Ready");
  if (ready) return ready.status === "True" ? current(ready.message) : inProgress(ready.message);
  return typeof statusOf(object).observedGeneration === "number" ? current() : undefined;
}

/** What a controller of any kind says while it has not come to a good end with an object. */
export function abnormalityOf(object: KubeObject): Readiness | undefined {
  const { kind, metadata } = object;
  const { generation } = metadata;
  const { observedGeneration } = statusOf(object);
  if (typeof observedGeneration === "number" && generation && observedGeneration !== generation) {
    return inProgress(
      `${kind} generation is ${generation}, but latest observed generation is ${observedGeneration}`,
    );
  }
  for (const { type, status, message } of conditionsOf(object)) {
    if (status !== "True") continue;
    if (type === "Reconciling") return inProgress(message);
    if (type === "Stalled") return failed(message);
  }
  return undefined;
}

export function findCondition(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

export function conditionsOf(object: KubeObject): Condition[] {
  const { conditions } = statusOf(object);
  return Array.isArray(conditions) ? conditions.filter(isCondition) : [];
}

/** Custom resources may put anything into `status`. */
function statusOf(object: KubeObject): { observedGeneration?: unknown; conditions?: unknown } {
  return (object as { status?: object }).status ?? {};
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null) return false;
  const { type, status, message } = value as Record<string, unknown>;
  const isText = (text: unknown) => text === undefined || typeof text === "string";
  return typeof type === "string" && isText(status) && isText(message);
}

export function current(message?: string): Readiness {
  return { status: "Current", message };
}

export function inProgress(message: string | undefined): Readiness {
  return { status: "InProgress", message };
}

export function failed(message: string | undefined): Readiness {
  return { status: "Failed", message };
}
