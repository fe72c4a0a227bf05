/** Flagger's Canary (flagger.app/v1beta1), as the health script of Argo CD 3.6 judges it. */
import type { Health, HealthCode } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { conditionsOf } from "../../kube/readiness.js";
import { health } from "./health.js";

interface Canary extends LiveObject {
  status?: { phase?: string; canaryWeight?: number };
}

/** Of phases in which it waits for somebody, the script knows nothing. */
const byPhase: ReadonlyMap<unknown, HealthCode> = new Map([
  ["Initialized", "Healthy"],
  ["Succeeded", "Healthy"],
  ["Progressing", "Progressing"],
  ["Promoting", "Progressing"],
  ["Finalising", "Progressing"],
  ["Failed", "Degraded"],
]);

export function canaryHealth(object: LiveObject): Health {
  const { status } = object as Canary;
  if (!status) return health("Unknown", "No status");
  const { phase, canaryWeight = 0 } = status;
  const messages = [
    phase,
    canaryWeight > 0 ? `Canary Weight: ${canaryWeight} %` : undefined,
    ...conditionsOf(object).map(({ message }) => message),
  ];
  return health(byPhase.get(phase) ?? "Unknown", messages.filter(Boolean).join(" --- "));
}
