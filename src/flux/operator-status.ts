/**
 * What ResourceSets and FluxInstances have in common: the fields that flamingo reads (fluxcd.controlplane.io/v1, CRDs of flux-operator
 * 0.59). Neither has `spec.suspend` (see `suspension.ts`), nor a generation in its status but for that of its conditions.
 */
import type { ReconciledStatus } from "./condition.js";
import type { Inventory } from "./inventory.js";
import type { Reconciliation } from "./kustomization.js";

/** What workloads of Flux's own controllers may have, and those of the Flux Operator have not. */
export interface OperatorSpec {
  suspend?: never;
  kubeConfig?: never;
  targetNamespace?: never;
}

export interface OperatorStatus extends ReconciledStatus {
  inventory?: Inventory;
  /** "sha256:…" of what a ResourceSet made, "v2.9.0@sha256:…" of the Flux that a FluxInstance installed */
  lastAppliedRevision?: string;
  /** of a FluxInstance only */
  lastAttemptedRevision?: string;
  /** what it applied, the newest first */
  history?: Reconciliation[];
}
