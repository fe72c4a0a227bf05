import type { ApplicationTree, ResourceNode, ResourceRef } from "../argo/application-tree.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, type ObjectId } from "../kube/object-id.js";
import { hostsOf } from "./hosts.js";
import type { LiveObjects } from "./live/live-index.js";
import type { Managed } from "./managed.js";
import { missingNode, nodeOf, refOf, unreadNode } from "./node/node.js";

/** What may be shown. */
export interface Scope {
  /** by the AppProject */
  permitted(id: ObjectId): boolean;
  /** by Argo CD's settings */
  excluded(id: ObjectId): boolean;
  customLabels: readonly string[];
  /** of Nodes */
  nodeLabels: readonly string[];
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
  for (const { object, owner, isNew } of ownedBelow(shown, live, seen, scope)) {
    if (isNew && !scope.permitted(idOf(object))) {
      omitted++;
      hidden.push(object);
      continue;
    }
    if (isNew) {
      placed.addOwned(object);
      shown.push(object);
    }
    placed.addOwner(object, owner);
  }
  for (const { object, isNew } of ownedBelow(hidden, live, seen, scope)) {
    if (!isNew) continue;
    omitted++;
    hidden.push(object);
  }
  const hosts = hostsOf(shown, live, scope.nodeLabels);
  return { tree: { nodes: placed.toNodes(), orphanedNodes: [], hosts }, omitted };
}

/** Everything below some objects, and whether it was not seen before; `owners` may be added to meanwhile. */
function* ownedBelow(owners: readonly LiveObject[], live: LiveObjects, seen: Set<string>, scope: Scope) {
  for (const owner of owners) {
    for (const object of live.ownedBy(owner)) {
      const id = idOf(object);
      const key = keyOf(id);
      if (scope.excluded(id)) continue;
      const isNew = !seen.has(key);
      seen.add(key);
      yield { object, owner, isNew };
    }
  }
}

/**
 * The nodes of a tree. A parent is named only when it has a uid, stands in the tree and does not itself come from its child:
 * pages and commands of Argo CD walk from node to node and would never end in a circle, or at a missing object.
 */
class PlacedNodes {
  readonly #nodes = new Map<string, ResourceNode>();
  readonly #refs = new Map<string, ResourceRef>();
  /** keys of what Flux made an object from */
  readonly #origins = new Map<string, string[]>();
  readonly #owners = new Map<string, string[]>();
  readonly #customLabels: readonly string[];

  constructor(customLabels: readonly string[]) {
    this.#customLabels = customLabels;
  }

  addManaged({ id, object, unread, parents }: Managed): void {
    const key = keyOf(id);
    this.#origins.set(
      key,
      parents.filter((parent) => this.#refs.has(parent)),
    );
    if (object) this.addOwned(object);
    else this.#nodes.set(key, unread === undefined ? missingNode(id) : unreadNode(id));
  }

  addOwned(object: LiveObject): void {
    const key = keyOf(idOf(object));
    const ref = refOf(object);
    this.#nodes.set(key, nodeOf(object, this.#customLabels));
    if (ref.uid) this.#refs.set(key, ref);
  }

  addOwner(object: LiveObject, owner: LiveObject): void {
    const [key, ownerKey] = [keyOf(idOf(object)), keyOf(idOf(owner))];
    if (!this.#nodes.has(key) || !this.#refs.has(ownerKey) || this.#comesFrom(ownerKey, key)) return;
    this.#owners.set(key, [...(this.#owners.get(key) ?? []), ownerKey]);
  }

  toNodes(): ResourceNode[] {
    return [...this.#nodes].sort(([a], [b]) => compare(a, b)).map(([key, node]) => this.#placed(key, node));
  }

  #placed(key: string, node: ResourceNode): ResourceNode {
    const parentRefs = this.#parentsOf(key).flatMap((parent) => this.#refs.get(parent) ?? []);
    return parentRefs.length > 0 ? { ...node, parentRefs } : node;
  }

  /** Owners first: commands of Argo CD show a node below its first parent, a claim in Git below its StatefulSet. */
  #parentsOf(key: string): string[] {
    return [...(this.#owners.get(key) ?? []), ...(this.#origins.get(key) ?? [])];
  }

  #comesFrom(key: string, ancestor: string): boolean {
    // grows while it is walked; a set, since there may be many ways up
    const above = new Set([key]);
    for (const one of above) for (const parent of this.#parentsOf(one)) above.add(parent);
    return above.has(ancestor);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
