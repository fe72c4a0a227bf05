import type { Health } from "../../argo/health.js";
import { isSuspended } from "../../flux/condition.js";
import { fluxReadiness } from "../../flux/readiness.js";
import type { KubeObject } from "../../kube/object.js";
import { redact } from "../../redact.js";
import { health, healthOfReadiness } from "./health.js";

/**
 * A Flux object by Flux's own word. Argo CD's scripts count conditions instead and call a HelmRelease with passing tests
 * Degraded. Undefined for objects that Flux gives no status.
 */
export function fluxHealth(object: KubeObject): Health | undefined {
  if (isSuspended(object)) return health("Suspended", `${object.kind} is suspended`);
  const readiness = fluxReadiness(object);
  return readiness && healthOfReadiness({ ...readiness, message: redact(readiness.message ?? "") });
}
