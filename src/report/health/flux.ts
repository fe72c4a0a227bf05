import { isSuspended } from "../../flux/condition.js";
import { fluxReadiness, type Readiness } from "../../flux/readiness.js";
import type { KubeObject } from "../../kube/object.js";
import { redact } from "../../redact.js";
import { type Health, type HealthCode, health } from "./health.js";

const healthBy: Readonly<Record<Readiness["status"], HealthCode>> = {
  Current: "Healthy",
  InProgress: "Progressing",
  Failed: "Degraded",
};

/**
 * A Flux object by Flux's own word. Argo CD's scripts count conditions instead and call a HelmRelease with passing tests
 * Degraded. Undefined for objects that Flux gives no status.
 */
export function fluxHealth(object: KubeObject): Health | undefined {
  if (isSuspended(object)) return health("Suspended", `${object.kind} is suspended`);
  const readiness = fluxReadiness(object);
  return readiness && health(healthBy[readiness.status], redact(readiness.message ?? ""));
}
