import type { InventoryObject } from "../flux/inventory.js";
import type { InputProviders } from "../flux/resource-set/providers.js";
import type { SourceChain } from "../flux/source-chain.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { groupKindOf, idOf, keyOf, type ObjectId, versionOf } from "../kube/object-id.js";
import type { LiveObjects } from "./live/live-index.js";

/** An object that an Application is made of, as opposed to what such objects make themselves (Pods). */
export interface Managed {
  id: InventoryObject;
  role: "source" | "workload" | "inventory";
  /** undefined: it is gone, or could not be read */
  object: LiveObject | undefined;
  /** why nothing is known of it */
  unread: string | undefined;
  /** keys of the managed objects that it comes from */
  parents: string[];
}

/** A kind that could not be read, and why: "forbidden". */
export interface UnreadKind {
  group: string;
  kind: string;
  because: string;
}

/** Where the managed objects of an Application are to be found. */
export interface Origins {
  /** what the Application shows */
  workloadId: ObjectId;
  workload: FluxWorkload | undefined;
  chain: SourceChain;
  /** of its inputs */
  providers: InputProviders;
  inventory: readonly InventoryObject[];
  live: LiveObjects;
  unread: readonly UnreadKind[];
}

/**
 * Sources and who gives inputs, workload and inventory, in this order, each object once: the Kustomization of a bootstrapped cluster
 * has itself and its source in its own inventory.
 */
export function managedObjects(origins: Origins): Managed[] {
  const { workloadId, workload, chain, providers, inventory, live, unread } = origins;
  const reasons = new Map(unread.map((item) => [groupKindOf(item), item.because]));
  const managed = new Map<string, Managed>();
  const add = (
    id: ObjectId & { version?: string },
    role: Managed["role"],
    object: LiveObject | undefined,
    parents: string[],
  ) => {
    const key = keyOf(id);
    if (managed.has(key)) return;
    managed.set(key, {
      // of what is in Git, the version that it has there
      id: { ...id, version: id.version || (object ? versionOf(object.apiVersion) : "") },
      role,
      object,
      unread: object ? undefined : reasons.get(groupKindOf(id)),
      parents,
    });
  };
  for (const id of [...chain.dangling, ...providers.missing]) add(id, "source", undefined, []);
  for (const { object, parents } of chain.links) add(idOf(object), "source", object, parents);
  for (const object of providers.found) add(idOf(object), "source", object, []);
  const nearest = chain.content ?? chain.links.at(-1)?.object;
  const above = [...(nearest ? [nearest] : []), ...providers.found].map((object) => keyOf(idOf(object)));
  add(workloadId, "workload", workload, above);
  const workloadKey = keyOf(workloadId);
  for (const id of inventory) add(id, "inventory", live.get(keyOf(id)), [workloadKey]);
  return [...managed.values()];
}
