/** What is to be read to know everything below some objects. Pure. */

import { isToolkitGroup } from "../flux/groups.js";
import type { Kind, LiveObject } from "../kube/object.js";
import { groupKindOf, idOf, keyOf } from "../kube/object-id.js";
import { kindsOwnedBy } from "../kube/ownership.js";
import type { ServedKind } from "../kube/served-kinds.js";
import { appliedBelow, type SourceKeys } from "../report/live/applied-below.js";
import type { LiveObjects } from "../report/live/live-index.js";

/** All objects of a kind, in one namespace or (undefined) in all. */
export interface Stretch<K extends Kind = ServedKind> {
  kind: K;
  namespace: string | undefined;
}

/** How much was read so far. */
export interface Sight {
  live: Pick<LiveObjects, "get" | "ownedBy">;
  isListed(stretch: Stretch): boolean;
  /** whether no more than its metadata was read */
  isOutline(key: string): boolean;
}

export interface Wanted {
  /** by their metadata alone: of what may lie below a custom resource, most does not */
  outlines: Stretch[];
  wholes: Stretch[];
  /** of these only the metadata was read */
  objects: { kind: ServedKind; object: LiveObject }[];
}

/** Some objects and all that belongs to them or was applied by them, as far as it is known. */
export function reachedFrom(
  managed: readonly LiveObject[],
  live: Sight["live"],
  sources: SourceKeys,
): LiveObject[] {
  const reached = new Map(managed.map((object) => [keyOf(idOf(object)), object]));
  // grows while it is walked
  for (const owner of reached.values()) {
    for (const object of [...live.ownedBy(owner), ...appliedBelow(owner, live, sources)]) {
      const key = keyOf(idOf(object));
      if (!reached.has(key)) reached.set(key, object);
    }
  }
  return [...reached.values()];
}

/**
 * What is to be read next. Below Kubernetes' own kinds a table says which kinds there can be; a custom resource may own anything
 * in its namespace, and what is in no namespace anything anywhere.
 *
 * @param reached owners and owned, see {@link reachedFrom}
 * @param kinds those that may be shown
 */
export function wantedBelow(
  reached: readonly LiveObject[],
  kinds: readonly ServedKind[],
  sight: Sight,
): Wanted {
  const served = new Map(kinds.map((kind) => [groupKindOf(kind), kind]));
  const outlines = new Map<string, Stretch>();
  const wholes = new Map<string, Stretch>();
  const looked = new Set<string>();
  for (const owner of reached) {
    const id = idOf(owner);
    const namespace = id.namespace === "" ? undefined : id.namespace;
    // Flux's own controllers make no object that belongs to another
    const known = isToolkitGroup(id.group) ? [] : kindsOwnedBy(id);
    const look = `${known ? groupKindOf(id) : "*"} in ${id.namespace}`;
    if (looked.has(look)) continue;
    looked.add(look);
    const into = known ? wholes : outlines;
    const below = known ? known.flatMap((kind) => served.get(groupKindOf(kind)) ?? []) : kinds;
    for (const kind of below) {
      const isWithin = namespace === undefined || kind.namespaced;
      if (isWithin && !sight.isListed({ kind, namespace }))
        into.set(nameOf({ kind, namespace }), { kind, namespace });
    }
  }
  return {
    outlines: [...outlines].filter(([name]) => !wholes.has(name)).map(([, stretch]) => stretch),
    wholes: [...wholes.values()],
    objects: reached.flatMap((object) => {
      const id = idOf(object);
      const kind = sight.isOutline(keyOf(id)) ? served.get(groupKindOf(id)) : undefined;
      return kind ? [{ kind, object }] : [];
    }),
  };
}

/** "apps/Deployment in shop", "/Pod" */
export function nameOf({ kind, namespace }: Stretch<Kind>): string {
  return namespace === undefined ? groupKindOf(kind) : `${groupKindOf(kind)} in ${namespace}`;
}
