import { type Condition, type Readiness, type Reconciled, readinessOf } from "../../flux/condition.js";
import type { KubeObject } from "../../kube/object.js";
import { redact } from "../../redact.js";
import { type Health, type HealthCode, health } from "./health.js";

interface FluxObject extends KubeObject {
  spec?: { suspend?: boolean; type?: string };
  status?: Reconciled["status"] & { artifact?: object };
}

/** A kind of the Flux controllers; flux-operator's own kinds follow other rules. */
export function isFluxGroup(group: string): boolean {
  return group.endsWith(".toolkit.fluxcd.io") || group === "source.extensions.fluxcd.io";
}

const healthBy: Readonly<Record<Readiness["status"], HealthCode>> = {
  Current: "Healthy",
  InProgress: "Progressing",
  Failed: "Degraded",
};

/**
 * A Flux object by Flux's own word. Argo CD's scripts count conditions instead and call a HelmRelease with passing tests
 * Degraded. Undefined for objects that Flux gives no status (Alert and Provider since Flux 2.2).
 */
export function fluxHealth(object: KubeObject): Health | undefined {
  const { kind, spec } = object as FluxObject;
  if (spec?.suspend) return health("Suspended", `${kind} is suspended`);
  const readiness = fluxReadiness(object);
  return readiness && health(healthBy[readiness.status], redact(readiness.message ?? ""));
}

/** How far Flux is with an object, {@link readinessOf} with the kinds that keep no account of themselves. */
export function fluxReadiness(object: KubeObject): Readiness | undefined {
  const { kind, spec, metadata, status } = object as FluxObject;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (!ready && (kind === "Alert" || kind === "Provider")) return undefined;
  if (!ready && kind === "HelmRepository" && spec?.type === "oci") return current;
  // an ExternalArtifact has neither `observedGeneration` nor, from some controllers, conditions
  if (!ready && kind === "ExternalArtifact" && status?.artifact) return current;
  if (ready && isTriedAgain(object as Reconciled, ready)) return { status: "Failed", message: ready.message };
  if (!ready || status?.observedGeneration !== undefined) return readinessOf(object as Reconciled);
  const { generation = 1 } = metadata;
  return readinessOf({ metadata, status: { ...status, observedGeneration: generation } });
}

/**
 * Failed, and to be tried again at the next interval. kstatus counts that as being in progress for as long as it lasts, with
 * a message of how far it came.
 */
function isTriedAgain({ metadata, status }: Reconciled, ready: Condition): boolean {
  const reconciling = status?.conditions?.find(({ type }) => type === "Reconciling");
  return (
    ready.status === "False" &&
    (ready.observedGeneration ?? 0) >= (metadata.generation ?? 1) &&
    reconciling?.status === "True" &&
    reconciling.reason === "ProgressingWithRetry"
  );
}

const current: Readiness = { status: "Current", message: undefined };
