import type { ResourceStatus } from "../argo/application.js";
import { applierOf } from "../flux/applied-by.js";
import type { InventoryObject } from "../flux/inventory.js";
import { isKept, prunes } from "../flux/left-alone.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { keyOf, keyOfReference } from "../kube/object-id.js";
import { appliedAt } from "./applied-fields.js";
import type { LiveObjects } from "./live/live-index.js";
import type { Managed } from "./managed.js";

/** An object that a workload applied, and what is known of when something was done to it. */
export interface AppliedObject extends InventoryObject {
  createdAt?: string | undefined;
  /** when Flux changed it last */
  appliedAt?: string | undefined;
  /** it is no longer in the inventory: Flux has deleted it, or was told to keep it */
  left?: "pruned" | "kept";
}

/** @param managed those of the inventory, whole where they are at hand */
export function appliedObjects(managed: readonly Managed[]): AppliedObject[] {
  return managed.map(({ id, object }) => ({
    ...id,
    createdAt: object?.metadata.creationTimestamp,
    appliedAt: object && appliedAt(object),
  }));
}

/**
 * What has left the inventory since the last report.
 *
 * @param before what that said of the objects
 * @param managed all objects of the Application as they are now
 * @param isReadable whether it is known which objects of a kind exist
 */
export function leftObjects(
  workload: FluxWorkload,
  before: readonly ResourceStatus[],
  managed: readonly Managed[],
  live: LiveObjects,
  isReadable: (kind: { group: string; kind: string }) => boolean,
): AppliedObject[] {
  if (workload.spec?.kubeConfig) return [];
  const present = new Set(managed.map(({ id }) => keyOf(id)));
  return before.flatMap((resource): AppliedObject[] => {
    const { group = "", version = "", kind, namespace = "", name } = resource;
    const key = keyOfReference(resource);
    if (present.has(key) || !isReadable({ group, kind })) return [];
    const object = live.get(key);
    const left = object && !object.metadata.deletionTimestamp ? reasonToStay(object, workload) : "pruned";
    return left ? [{ group, version, kind, namespace, name, left }] : [];
  });
}

/** Undefined where the object is somebody else's by now, or the news of its end is still on the way. */
function reasonToStay(object: LiveObject, workload: FluxWorkload): "kept" | undefined {
  const applier = applierOf(object, workload.kind);
  const { namespace, name } = workload.metadata;
  if (applier?.name !== name || applier.namespace !== namespace) return undefined;
  return prunes(workload) && !isKept(object) ? undefined : "kept";
}
