/**
 * The Flux Operator's ResourceSet, and what the status of a FluxInstance has in common with it: the fields that flamingo reads
 * (fluxcd.controlplane.io/v1, CRDs of flux-operator 0.59). Neither has `spec.suspend` (see `suspension.ts`), nor a generation in its
 * status but for that of its conditions.
 */
import type { Kind, KubeObject } from "../kube/object.js";
import type { ReconciledStatus } from "./condition.js";
import { operatorGroup } from "./groups.js";
import type { Inventory } from "./inventory.js";
import type { Reconciliation } from "./kustomization.js";

export interface ResourceSet extends KubeObject {
  kind: "ResourceSet";
  spec?: OperatorSpec & {
    /** objects of any kind */
    dependsOn?: { apiVersion?: string; kind?: string; name?: string; namespace?: string }[];
  };
  status?: OperatorStatus;
}

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

export const ResourceSet: Kind<ResourceSet> = {
  group: operatorGroup,
  kind: "ResourceSet",
  plural: "resourcesets",
};
