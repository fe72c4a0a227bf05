import type { KubeObject, LiveObject } from "../kube/object.js";
import { groupOf, type ObjectId } from "../kube/object-id.js";
import { operatorGroup } from "./groups.js";

/** `status.inventory`: what a workload applied. */
export interface Inventory {
  entries?: {
    /** `NAMESPACE_NAME_GROUP_KIND` (fluxcd/cli-utils `ObjMetadata`); cluster-scoped objects start with `_`, a colon in a name is written `__` */
    id: string;
    /** the API version */
    v: string;
  }[];
}

interface Applier {
  status?: { inventory?: Inventory };
}

/** An object that a workload applied. */
export interface InventoryObject extends ObjectId {
  version: string;
}

/** What `status.inventory` lists; entries of a form that nobody knows are left out. */
export function inventoryOf({ status }: Applier): InventoryObject[] {
  const objects: InventoryObject[] = [];
  // a loop that copies nothing: lists have hundreds of thousands of entries
  for (const { id, v } of status?.inventory?.entries ?? []) {
    if (typeof id !== "string") continue;
    const afterNamespace = id.indexOf("_");
    const beforeKind = id.lastIndexOf("_");
    const beforeGroup = id.lastIndexOf("_", beforeKind - 1);
    if (afterNamespace < 0 || beforeGroup <= afterNamespace || beforeKind === id.length - 1) continue;
    objects.push({
      namespace: id.slice(0, afterNamespace),
      name: id.slice(afterNamespace + 1, beforeGroup).replaceAll("__", ":"),
      group: id.slice(beforeGroup + 1, beforeKind),
      kind: id.slice(beforeKind + 1),
      version: v,
    });
  }
  return objects;
}

/** What applies objects below a workload. */
export interface OperatorApplier extends LiveObject, Applier {
  kind: "FluxInstance" | "ResourceSet";
}

/**
 * Whether what an object applied belongs to it in a tree: that of the Flux Operator's does. A Kustomization or HelmRelease that a
 * workload applied has an Application of its own; a FluxInstance would draw the whole cluster through its Kustomization.
 */
export function isOperatorApplier(object: LiveObject): object is OperatorApplier {
  const { apiVersion, kind } = object;
  return groupOf(apiVersion) === operatorGroup && (kind === "FluxInstance" || kind === "ResourceSet");
}

/** An object of Flux or flux-operator without its inventory; others as they are. */
export function withoutInventory<T extends KubeObject>(object: T & Applier): T {
  if (!object.status?.inventory || !/\bfluxcd\./.test(groupOf(object.apiVersion))) return object;
  const { inventory: _, ...status } = object.status;
  return { ...object, status };
}
