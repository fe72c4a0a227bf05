/**
 * What a Kustomization and a HelmRelease say of themselves: the fields that a report reads, in all API versions of Flux
 * 0.37 to 2.9 that have them.
 */

import type { LiveObject } from "../kube/object.js";
import type { ObjectId } from "../kube/object-id.js";
import type { Condition, ReconciledStatus } from "./condition.js";
import type { HelmRelease } from "./helm-release.js";
import { type InventoryEntry, parseInventoryId } from "./inventory.js";
import type { Kustomization } from "./kustomization.js";

/** A Kustomization or HelmRelease as it came from the cluster. */
export type FluxWorkload = LiveObject & {
  spec?: NonNullable<Kustomization["spec"]> & NonNullable<HelmRelease["spec"]>;
  status?: WorkloadStatus;
};

export interface TimedCondition extends Condition {
  lastTransitionTime?: string;
}

export interface WorkloadStatus extends ReconciledStatus {
  conditions?: TimedCondition[];
  inventory?: { entries?: InventoryEntry[] };
  lastAppliedRevision?: string;
  lastAttemptedRevision?: string;
  /** HelmRelease of an OCIRepository */
  lastAttemptedRevisionDigest?: string;
  /** HelmRelease: "NAMESPACE/NAME" */
  helmChart?: string;
  /** the newest first; two kinds of records, for Kustomization (Flux 2.7) and HelmRelease (Flux 2.2) */
  history?: (Reconciliation & Release)[];
  /** HelmRelease */
  lastAttemptedReleaseActionDuration?: string;
}

/** One state that a Kustomization applied. */
export interface Reconciliation {
  digest?: string;
  firstReconciled?: string;
  lastReconciled?: string;
  lastReconciledDuration?: string;
  lastReconciledStatus?: string;
  metadata?: Readonly<Record<string, string>>;
}

/** One release in Helm's storage. */
export interface Release {
  version?: number;
  chartVersion?: string;
  /** "deployed", "superseded", "failed" */
  status?: string;
  firstDeployed?: string;
  lastDeployed?: string;
  ociDigest?: string;
}

export interface Artifact {
  revision?: string;
  digest?: string;
}

export interface SourceStatus {
  artifact?: Artifact;
  /** HelmChart: the revision of the source that it was built from */
  observedSourceArtifactRevision?: string;
}

export function sourceStatusOf(source: LiveObject | undefined): SourceStatus {
  return (source as (LiveObject & { status?: SourceStatus }) | undefined)?.status ?? {};
}

export function conditionOf({ status }: FluxWorkload, type: string): TimedCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** An object that a workload applied. */
export interface InventoryObject extends ObjectId {
  version: string;
}

/** What `status.inventory` lists; entries of a form that nobody knows are left out. */
export function inventoryOf({ status }: FluxWorkload): InventoryObject[] {
  return (status?.inventory?.entries ?? []).flatMap(({ id, v }) => {
    const item = parseInventoryId(id);
    return item ? [{ ...item, version: v }] : [];
  });
}
