/**
 * Flux's Kustomization: the fields that flamingo reads, which are the same in kustomize.toolkit.fluxcd.io v1, v1beta2
 * and, but for the inventory, v1beta1 (CRDs of kustomize-controller 0.31 to 1.9).
 */
import type { Kind, KubeObject } from "../kube/object.js";
import type { ReconciledStatus } from "./condition.js";
import type { InventoryEntry } from "./inventory.js";
import type { NamedReference } from "./source-ref.js";

export interface Kustomization extends KubeObject {
  spec?: {
    /** absent in patch fragments only */
    sourceRef?: NamedReference;
    path?: string;
    targetNamespace?: string;
    suspend?: boolean;
    kubeConfig?: object;
  };
  status?: ReconciledStatus & { inventory?: { entries?: InventoryEntry[] } };
}

export const Kustomization: Kind<Kustomization> = {
  group: "kustomize.toolkit.fluxcd.io",
  kind: "Kustomization",
  plural: "kustomizations",
};
