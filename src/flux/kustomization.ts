/**
 * Flux's Kustomization: the fields that flamingo reads, which are the same in kustomize.toolkit.fluxcd.io v1, v1beta2
 * and, but for the inventory, v1beta1; `status.history` came with Flux 2.7 (CRDs of kustomize-controller 0.31 to 1.9).
 */
import type { Kind, KubeObject } from "../kube/object.js";
import type { CommonMetadata } from "./common-metadata.js";
import type { ReconciledStatus } from "./condition.js";
import type { IgnoreRule } from "./ignore-rule.js";
import type { Inventory } from "./inventory.js";
import type { NamedReference } from "./source-ref.js";

export interface Kustomization extends KubeObject {
  kind: "Kustomization";
  spec?: {
    /** absent in patch fragments only */
    sourceRef?: NamedReference;
    path?: string;
    targetNamespace?: string;
    namePrefix?: string;
    nameSuffix?: string;
    patches?: { patch: string; target?: PatchTarget }[];
    /** folders, relative to the path; since Flux 2.0 */
    components?: string[];
    /** since Flux 2.7 */
    ignoreMissingComponents?: boolean;
    images?: ImageReplacement[];
    /** kustomize's field of that name; since Flux 2.9 */
    buildMetadata?: string[];
    /** goes onto every object, last of all; since Flux 2.0 */
    commonMetadata?: CommonMetadata;
    postBuild?: PostBuild;
    prune?: boolean;
    /** MirrorPrune when it is not given; since Flux 2.5 */
    deletionPolicy?: string;
    suspend?: boolean;
    kubeConfig?: object;
    dependsOn?: { name?: string; namespace?: string }[];
    ignore?: IgnoreRule[];
  };
  status?: ReconciledStatus & {
    inventory?: Inventory;
    lastAppliedRevision?: string;
    /** the commit that an OCI artifact was made of, since Flux 2.5 */
    lastAppliedOriginRevision?: string;
    lastAttemptedRevision?: string;
    /** what it applied, the newest first */
    history?: Reconciliation[];
  };
}

/** Which objects a patch is for: those that have all of it; names are regular expressions. */
export interface PatchTarget {
  group?: string;
  version?: string;
  kind?: string;
  name?: string;
  namespace?: string;
  labelSelector?: string;
  annotationSelector?: string;
}

/** What becomes of `${VARIABLES}` in the objects. */
export interface PostBuild {
  substitute?: Readonly<Record<string, string>>;
  /** later ones win, and `substitute` over all */
  substituteFrom?: { kind: string; name: string; optional?: boolean }[];
  /** "WithVariables" (only where there are any) or "Always"; since Flux 2.7 */
  substituteStrategy?: string;
}

/** What becomes of an image; kustomize's fields of the same names. */
export interface ImageReplacement {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
}

/** One state that a Kustomization applied. */
export interface Reconciliation {
  /** of what was built: "sha256:…" */
  digest?: string;
  firstReconciled?: string;
  lastReconciled?: string;
  lastReconciledDuration?: string;
  lastReconciledStatus?: string;
  metadata?: Readonly<Record<string, string>>;
}

/** Whether a Kustomization was Ready with what it applied then. */
export function isSuccess({ lastReconciledStatus }: Reconciliation): boolean {
  return lastReconciledStatus === "ReconciliationSucceeded";
}

export const Kustomization: Kind<Kustomization> = {
  group: "kustomize.toolkit.fluxcd.io",
  kind: "Kustomization",
  plural: "kustomizations",
};
