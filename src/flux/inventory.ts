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
  return (status?.inventory?.entries ?? []).flatMap(({ id, v }) => {
    const item = parseInventoryId(id);
    return item ? [{ ...item, version: v }] : [];
  });
}

/** What an inventory id names (fluxcd/cli-utils `ObjMetadata`); undefined for a text of another form. */
export function parseInventoryId(id: string): ObjectId | undefined {
  const match = /^([^_]*)_(.*)_([^_]*)_([^_]+)$/.exec(id);
  if (!match) return undefined;
  const [, namespace = "", name = "", group = "", kind = ""] = match;
  return { namespace, name: name.replaceAll("__", ":"), group, kind };
}

/** An object of Flux or flux-operator without its inventory; others as they are. */
export function withoutInventory<T extends KubeObject>(object: T & Applier): T {
  if (!object.status?.inventory || !/\bfluxcd\./.test(groupOf(object.apiVersion))) return object;
  const { inventory: _, ...status } = object.status;
  return { ...object, status };
}
