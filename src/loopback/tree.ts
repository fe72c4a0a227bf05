import type { ApplicationTree, ResourceNode, ResourceRef } from "./argo-tree.js";
import type { LiveObjects } from "./live-index.js";
import { idOf, keyOf, type LiveObject, type ObjectId } from "./live-object.js";
import type { Managed } from "./managed.js";
import { missingNode, nodeOf, refOf, unreadNode } from "./node/node.js";

/** What may be shown. */
export interface Scope {
  /** by the AppProject */
  permitted(id: ObjectId): boolean;
  /** by Argo CD's settings */
  excluded(id: ObjectId): boolean;
  customLabels: readonly string[];
}

export interface BuiltTree {
  tree: ApplicationTree;
  /** objects that belong into the tree and that the AppProject does not permit, with all that is below them */
  omitted: number;
}

/**
 * The tree of an Application: the managed objects and all that they own, down to Pods.
 *
 * @param managed also those that may not be shown
 */
export function treeOf(managed: readonly Managed[], live: LiveObjects, scope: Scope): BuiltTree {
  const placed = new PlacedNodes(scope.customLabels);
  const seen = new Set(managed.map(({ id }) => keyOf(id)));
  // both grow while they are walked
  const shown: LiveObject[] = [];
  const hidden: LiveObject[] = [];
  let omitted = 0;
  for (const item of managed) {
    if (scope.excluded(item.id)) continue;
    if (!scope.permitted(item.id)) omitted++;
    else placed.addManaged(item);
    if (item.object) (scope.permitted(item.id) ? shown : hidden).push(item.object);
  }
  for (const { object, owner } of ownedBelow(shown, live, seen, scope)) {
    if (scope.permitted(idOf(object))) {
      placed.addOwned(object, owner);
      shown.push(object);
    } else {
      omitted++;
      hidden.push(object);
    }
  }
  for (const { object } of ownedBelow(hidden, live, seen, scope)) {
    omitted++;
    hidden.push(object);
  }
  return { tree: placed.toTree(), omitted };
}

/** Everything below some objects that was not seen yet; `owners` may be added to meanwhile. */
function* ownedBelow(owners: readonly LiveObject[], live: LiveObjects, seen: Set<string>, scope: Scope) {
  for (const owner of owners) {
    for (const object of live.ownedBy(owner)) {
      const id = idOf(object);
      const key = keyOf(id);
      if (seen.has(key) || scope.excluded(id)) continue;
      seen.add(key);
      yield { object, owner };
    }
  }
}

/**
 * The nodes of a tree. A parent is named only when it has a uid and stands in the tree before its child: pages and commands of
 * Argo CD walk from node to node and would never end in a circle, or at a missing object.
 */
class PlacedNodes {
  readonly #nodes = new Map<string, ResourceNode>();
  readonly #refsByKey = new Map<string, ResourceRef>();
  readonly #refsByUid = new Map<string, ResourceRef>();
  readonly #hosts = new Set<string>();
  readonly #customLabels: readonly string[];

  constructor(customLabels: readonly string[]) {
    this.#customLabels = customLabels;
  }

  addManaged({ id, object, unread, parents }: Managed): void {
    const parentRefs = parents.map((parent) => this.#refsByKey.get(parent));
    if (object) this.#addLive(object, parentRefs);
    else this.#add(keyOf(id), unread === undefined ? missingNode(id) : unreadNode(id), parentRefs);
  }

  addOwned(object: LiveObject, owner: LiveObject): void {
    const uids = (object.metadata.ownerReferences ?? []).map(({ uid }) => uid);
    const others = uids.filter((uid) => uid !== owner.metadata.uid);
    this.#addLive(object, [
      this.#refsByKey.get(keyOf(idOf(owner))),
      ...others.map((uid) => this.#refsByUid.get(uid)),
    ]);
  }

  toTree(): ApplicationTree {
    return {
      nodes: [...this.#nodes].sort(([a], [b]) => compare(a, b)).map(([, node]) => node),
      orphanedNodes: [],
      hosts: [...this.#hosts].sort(compare).map((name) => ({ name })),
    };
  }

  #addLive(object: LiveObject, parents: readonly (ResourceRef | undefined)[]): void {
    const key = keyOf(idOf(object));
    this.#add(key, nodeOf(object, this.#customLabels), parents);
    const ref = refOf(object);
    this.#refsByKey.set(key, ref);
    if (ref.uid) this.#refsByUid.set(ref.uid, ref);
    const host = hostOf(object);
    if (host) this.#hosts.add(host);
  }

  #add(key: string, node: ResourceNode, parents: readonly (ResourceRef | undefined)[]): void {
    const parentRefs = parents.filter((parent) => parent?.uid !== undefined) as ResourceRef[];
    this.#nodes.set(key, parentRefs.length > 0 ? { ...node, parentRefs } : node);
  }
}

function hostOf(object: LiveObject & { spec?: { nodeName?: string } }): string | undefined {
  return object.kind === "Pod" && object.apiVersion === "v1" ? object.spec?.nodeName : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
