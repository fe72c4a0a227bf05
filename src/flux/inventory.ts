import { isMap } from "../is-map.js";
import type { KubeObject, LiveObject } from "../kube/object.js";
import { groupOf, isOfKind, type ObjectId, objectId } from "../kube/object-id.js";
import { operatorGroup } from "./groups.js";
import { ArtifactGenerator, ExternalArtifact } from "./sources.js";

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

/**
 * What belongs to an object in a tree because that applied or made it, as its status lists it: the objects of the Flux Operator's, and
 * the ExternalArtifacts of an ArtifactGenerator. A Kustomization or HelmRelease that a workload applied has an Application of its own; a
 * FluxInstance would draw the whole cluster through its Kustomization.
 */
export function listedBelow(object: LiveObject): InventoryObject[] {
  if (isOfKind(object, ArtifactGenerator)) return artifactsOf(object);
  return isOperatorApplier(object) ? inventoryOf(object) : [];
}

/** `status.inventory` of an ArtifactGenerator, a list of references (source.extensions.fluxcd.io/v1beta1, source-watcher 2.0 to 2.2). */
function artifactsOf({ status }: LiveObject & { status?: { inventory?: unknown } }): InventoryObject[] {
  const references = Array.isArray(status?.inventory) ? (status.inventory as unknown[]) : [];
  return references.flatMap((reference) => {
    const { name, namespace } = isMap(reference) ? reference : {};
    const isOne = typeof name === "string" && typeof namespace === "string";
    return isOne ? [{ ...objectId(ExternalArtifact, { name, namespace }), version: "v1" }] : [];
  });
}

/** What applies objects below a workload. */
export interface OperatorApplier extends LiveObject, Applier {
  kind: "FluxInstance" | "ResourceSet";
}

/** Whether the Flux Operator reconciles an object and keeps account of what it applied. */
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
