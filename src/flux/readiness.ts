import type { KubeObject } from "../kube/object.js";
import type { Readiness } from "../kube/readiness.js";
import { type Condition, conditionOf, type Reconciled } from "./condition.js";
import { isSuspended } from "./suspension.js";
import { isCanceled, waitsOn } from "./waiting.js";

/**
 * How far the controller is with an object, by the rules of the Flux CLI, which trusts less than kstatus does: nothing counts
 * before the first observation, Ready counts for the current generation only, and a False one is a failure. The message is
 * undefined when the controller has said nothing yet. Suspension is not part of it.
 */
export function readinessOf(object: Reconciled): Readiness {
  const generation = object.metadata.generation ?? 0;
  const stalled = conditionOf(object, "Stalled");
  if (stalled?.status === "True") return { status: "Failed", message: stalled.message };
  const reconciling = conditionOf(object, "Reconciling");
  if (reconciling?.status === "True") return { status: "InProgress", message: reconciling.message };
  const ready = conditionOf(object, "Ready");
  // objects of the Flux Operator have a generation in their conditions only
  const { observedGeneration = ready?.observedGeneration ?? -1 } = object.status ?? {};
  if (!ready || observedGeneration < 1) return { status: "InProgress", message: undefined };
  if ((ready.observedGeneration || observedGeneration) < generation)
    return { status: "InProgress", message: undefined };
  if (ready.status === "True") return { status: "Current", message: ready.message };
  return { status: ready.status === "False" ? "Failed" : "InProgress", message: ready.message };
}

/** Whether the controller is at work on an object. */
export function isBusy(object: KubeObject & Reconciled): boolean {
  if (isSuspended(object)) return false;
  const reconciling = conditionOf(object, "Reconciling")?.status === "True";
  return reconciling || conditionOf(object, "Ready")?.status === "Unknown";
}

/** Whether what the controller says is about an older state of an object. Suspending makes a new one, which nobody looks at. */
export function isStale(object: KubeObject & Reconciled): boolean {
  if (isSuspended(object)) return false;
  return observedGeneration(object) < (object.metadata.generation ?? 0);
}

/** The generation that the controller speaks of, -1 for none; while it fails `status.observedGeneration` stays behind. */
export function observedGeneration(object: Reconciled): number {
  return conditionOf(object, "Ready")?.observedGeneration || (object.status?.observedGeneration ?? -1);
}

interface FluxObject extends KubeObject, Reconciled {
  metadata: KubeObject["metadata"];
  spec?: { suspend?: boolean; type?: string };
  status?: Reconciled["status"] & { artifact?: object };
}

/**
 * How far Flux is with an object of any kind: {@link readinessOf} with the kinds that keep no account of themselves, with a
 * failure that is tried again told as a failure, and waiting told as waiting. Undefined for objects that Flux gives no status
 * (Alert and Provider since Flux 2.2).
 */
export function fluxReadiness(object: KubeObject): Readiness | undefined {
  const { kind, spec, metadata, status } = object as FluxObject;
  const ready = conditionOf(object, "Ready");
  if (!ready && (kind === "Alert" || kind === "Provider")) return undefined;
  if (!ready && kind === "HelmRepository" && spec?.type === "oci") return current;
  // an ExternalArtifact has neither `observedGeneration` nor, from some controllers, conditions
  if (!ready && kind === "ExternalArtifact" && status?.artifact) return current;
  // its spec is the report itself, written after the condition and in its name
  if (kind === "FluxReport")
    return readinessOf({ metadata: {}, status: { ...status, observedGeneration: 1 } });
  if (ready && (waitsOn(ready) || isCanceled(ready))) return { status: "InProgress", message: ready.message };
  const failure = triedAgain(object);
  if (failure) return { status: "Failed", message: failure.message };
  if (!ready || status?.observedGeneration !== undefined) return readinessOf(object);
  const { generation = 1 } = metadata;
  return readinessOf({ metadata, status: { ...status, observedGeneration: generation } });
}

/**
 * What failed and is tried again, later or right now. kstatus counts that as being in progress for as long as it lasts, with a
 * message of how far it came.
 */
function triedAgain(object: Reconciled): Condition | undefined {
  const ready = conditionOf(object, "Ready");
  const isFailed =
    ready?.status === "False" && (ready.observedGeneration ?? 0) >= (object.metadata.generation ?? 1);
  return isFailed && conditionOf(object, "Reconciling")?.status === "True" ? ready : undefined;
}

const current: Readiness = { status: "Current", message: undefined };
