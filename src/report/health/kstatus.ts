import type { LiveObject } from "../../kube/object.js";
import { type Health, health } from "./health.js";

interface Conditioned extends LiveObject {
  status?: { observedGeneration?: unknown; conditions?: unknown };
}

interface SomeCondition {
  type: string;
  status?: string;
  message?: string;
}

/**
 * A custom resource by the common conventions (kstatus): `observedGeneration`, then Reconciling and Stalled, then Ready.
 * Undefined when it follows none of them: kstatus itself would call such an object current, which nobody can know.
 */
export function kstatusHealth(object: LiveObject): Health | undefined {
  const { kind, metadata } = object;
  const { observedGeneration, conditions } = (object as Conditioned).status ?? {};
  const { generation } = metadata;
  if (typeof observedGeneration === "number" && generation && observedGeneration !== generation) {
    return health(
      "Progressing",
      `${kind} generation is ${generation}, but latest observed generation is ${observedGeneration}`,
    );
  }
  const known = Array.isArray(conditions) ? conditions.filter(isCondition) : [];
  for (const { type, status, message } of known) {
    if (status !== "True") continue;
    if (type === "Reconciling") return health("Progressing", message);
    if (type === "Stalled") return health("Degraded", message);
  }
  const ready = known.find(({ type }) => type === "Ready");
  if (ready) return health(ready.status === "True" ? "Healthy" : "Progressing", ready.message);
  return typeof observedGeneration === "number" ? health("Healthy") : undefined;
}

/** Custom resources may put anything into `status.conditions`. */
function isCondition(value: unknown): value is SomeCondition {
  if (typeof value !== "object" || value === null) return false;
  const { type, status, message } = value as Record<string, unknown>;
  const isText = (text: unknown) => text === undefined || typeof text === "string";
  return typeof type === "string" && isText(status) && isText(message);
}
