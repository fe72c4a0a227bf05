import type { KubeObject } from "../kube/object.js";
import { groupOf, type ObjectId } from "../kube/object-id.js";

/** `status.inventory`: what a workload applied. */
export interface Inventory {
  entries?: {
    /** `NAMESPACE_NAME_GROUP_KIND`; cluster-scoped objects start with `_`, a colon in a name is written `__` */
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
    const match = inventoryId.exec(id);
    if (!match) continue;
    const [, namespace = "", name = "", group = "", kind = ""] = match;
    objects.push({ namespace, name: name.replaceAll("__", ":"), group, kind, version: v });
  }
  return objects;
}

/** fluxcd/cli-utils `ObjMetadata` */
const inventoryId = /^([^_]*)_(.*)_([^_]*)_([^_]+)$/;

/** An object of Flux or flux-operator without its inventory; others as they are. */
export function withoutInventory<T extends KubeObject>(object: T & Applier): T {
  if (!object.status?.inventory || !/\bfluxcd\./.test(groupOf(object.apiVersion))) return object;
  const { inventory: _, ...status } = object.status;
  return { ...object, status };
}
