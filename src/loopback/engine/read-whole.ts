import { concurrently } from "../../kube/concurrently.js";
import { Secret } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { groupKindOf, type ObjectId } from "../../kube/object-id.js";
import type { World } from "./world.js";

/** A kind as the API server serves it; undefined where it does not. */
export type KindOf = (kind: { group: string; kind: string }) => Kind | undefined;

const atOnce = 8;

/**
 * Reads what of these is there, but not kept whole, as when an Application comes to a workload that none of this shard has shown before.
 * From then on all of it is kept.
 *
 * @throws UserError when the API server does not hand it out
 */
export async function readWhole(
  { kube, world, kindOf }: { kube: Pick<Kube, "list">; world: World; kindOf: KindOf },
  ids: readonly ObjectId[],
): Promise<void> {
  const read = async (id: ObjectId): Promise<void> => {
    const kind = kindOf(id);
    if (!kind) return;
    // a Secret's values are never read
    const metadataOnly = groupKindOf(id) === groupKindOf(Secret);
    // the right to get one is more than the engine has
    const found = kube.list(kind, { namespace: id.namespace || undefined, name: id.name, metadataOnly });
    for await (const page of found) for (const object of page) world.keepWhole(object as LiveObject);
  };
  for await (const _ of concurrently(world.lackingWhole(ids), atOnce, read));
}
