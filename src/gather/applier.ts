import { labelledBy } from "../flux/applied-by.js";
import { inventoryOf } from "../flux/inventory.js";
import { type FluxWorkload, workloadKinds } from "../flux/workload.js";
import type { Kube } from "../kube/kube.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, type ObjectId, renderId } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";

/** The workload that applied an object or one of its owners. */
export interface Applier {
  workload: FluxWorkload;
  /** of the object and its owners the one that was applied */
  applied: ObjectId;
  /** what speaks for it */
  by: "labels and inventory" | "labels" | "inventory";
}

export interface Tracked {
  applier: Applier | undefined;
  /** what contradicts itself, a sentence each */
  disagreements: string[];
}

/**
 * Finds the workload that applied an object or one of its owners, the highest first: by the labels that Flux puts on what it
 * applies, and the inventories in which it keeps account. Where labels lead to none, every inventory is looked at.
 *
 * @param chain an object and its owners
 * @param home where workloads are looked for that may not be listed everywhere
 */
export async function readApplier(kube: Kube, chain: readonly LiveObject[], home: string): Promise<Tracked> {
  const disagreements: string[] = [];
  const labelled: Applier[] = [];
  for (const object of chain.toReversed()) {
    for (const id of labelledBy(object)) {
      const workload = await kube.find(workloadKinds[id.kind], id);
      if (!workload) {
        disagreements.push(`${said(object)} that ${renderId(id)} applied it, which does not exist`);
        continue;
      }
      if (isListed(object, workload))
        return { applier: { workload, applied: idOf(object), by: "labels and inventory" }, disagreements };
      // a HelmRelease of Flux before 2.8 keeps no account
      if (inventoryOf(workload).length === 0)
        return { applier: { workload, applied: idOf(object), by: "labels" }, disagreements };
      labelled.push({ workload, applied: idOf(object), by: "labels" });
    }
  }
  const listing = await readListing(kube, chain, home);
  const [first] = labelled;
  if (!first) {
    if (listing)
      disagreements.push(
        `${renderId(listing.applied)} has none of Flux's labels, and is in the inventory of ${renderId(idOf(listing.workload))}`,
      );
    return { applier: listing, disagreements };
  }
  const object = renderId(first.applied);
  const workload = renderId(idOf(first.workload));
  if (listing) {
    disagreements.push(
      `The labels of ${object} name ${workload}, and the inventory of ${renderId(idOf(listing.workload))} has it`,
    );
    return { applier: listing, disagreements };
  }
  disagreements.push(`The labels of ${object} name ${workload}, whose inventory does not have it`);
  return { applier: first, disagreements };
}

function said(object: LiveObject): string {
  return `The labels of ${renderId(idOf(object))} say`;
}

function isListed(object: LiveObject, workload: FluxWorkload): boolean {
  const key = keyOf(idOf(object));
  return inventoryOf(workload).some((id) => keyOf(id) === key);
}

/** The first workload whose inventory has one of these objects, the highest of them. */
async function readListing(
  kube: Pick<Kube, "list">,
  chain: readonly LiveObject[],
  home: string,
): Promise<Applier | undefined> {
  const heights = new Map(chain.map((object, height) => [keyOf(idOf(object)), height]));
  let found: (Applier & { height: number }) | undefined;
  const look = (workload: FluxWorkload) => {
    for (const id of inventoryOf(workload)) {
      const height = heights.get(keyOf(id)) ?? -1;
      const object = chain[height];
      if (object && height > (found?.height ?? -1))
        found = { workload, applied: idOf(object), by: "inventory", height };
    }
  };
  for (const kind of Object.values(workloadKinds)) {
    const all = async (namespace: string | undefined) => {
      for await (const page of kube.list(kind, { namespace })) for (const workload of page) look(workload);
    };
    const { unknown } = await permitted(all(undefined));
    if (unknown.length > 0) await permitted(all(home));
  }
  return found;
}
