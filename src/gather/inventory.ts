import type { InventoryObject } from "../flux/inventory.js";
import { groupKindOf, keyOf } from "../kube/object-id.js";
import type { ServedKind } from "../kube/served-kinds.js";
import { nameOf, type Stretch } from "./below.js";
import { type Readings, withEach } from "./readings.js";

/**
 * Reads what a workload applied: several of a kind in a namespace together by the label that Flux puts on them, what that does not
 * find and single ones each by itself.
 *
 * @param labels undefined where there are none to look for
 */
export async function readInventory(
  inventory: readonly InventoryObject[],
  kinds: readonly ServedKind[],
  labels: string | undefined,
  readings: Readings,
): Promise<void> {
  const stretches = stretchesOf(inventory, kinds);
  if (labels !== undefined) {
    const several = stretches.filter(({ objects }) => objects.length > 1);
    await withEach(several, ({ kind, namespace }) => readings.select(kind, namespace, labels));
  }
  const left = stretches.flatMap(({ kind, objects }) =>
    objects.filter((id) => !readings.live.get(keyOf(id))).map((id) => ({ kind, id })),
  );
  await withEach(left, ({ kind, id }) =>
    readings.find(kind, { name: id.name, namespace: id.namespace === "" ? undefined : id.namespace }),
  );
}

/** Objects by kind and namespace. What an inventory puts into a namespace, or into none, against the kind is nowhere. */
function stretchesOf(
  inventory: readonly InventoryObject[],
  kinds: readonly ServedKind[],
): (Stretch & { objects: InventoryObject[] })[] {
  const served = new Map(kinds.map((kind) => [groupKindOf(kind), kind]));
  const stretches = new Map<string, Stretch & { objects: InventoryObject[] }>();
  for (const id of inventory) {
    const kind = served.get(groupKindOf(id));
    if (!kind || kind.namespaced !== (id.namespace !== "")) continue;
    const namespace = kind.namespaced ? id.namespace : undefined;
    const name = nameOf({ kind, namespace });
    const known = stretches.get(name);
    if (known) known.objects.push(id);
    else stretches.set(name, { kind, namespace, objects: [id] });
  }
  return [...stretches.values()];
}
