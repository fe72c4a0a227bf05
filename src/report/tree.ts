import type { ApplicationTree, ResourceNode, ResourceRef } from "../argo/application-tree.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, type ObjectId } from "../kube/object-id.js";
import { inCircles } from "./circles.js";
import { hostsOf } from "./hosts.js";
import { type Excess, most } from "./limits.js";
import { appliedBelow, type SourceKeys } from "./live/applied-below.js";
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
  /** what is too much */
  excess: Pick<Excess, "nodes" | "edges">;
}

/**
 * The tree of an Application: the managed objects, what those of the Flux Operator applied and ArtifactGenerators made, and all that
 * they own, down to Pods.
 *
 * @param managed also those that may not be shown
 */
export function treeOf(managed: readonly Managed[], live: LiveObjects, scope: Scope): BuiltTree {
  const placed = new PlacedNodes(scope.customLabels);
  const seen = new Set(managed.map(({ id }) => keyOf(id)));
  const sources = new Set(managed.filter(({ role }) => role === "source").map(({ id }) => keyOf(id)));
  // both grow while they are walked
  const shown: LiveObject[] = [];
  const hidden: LiveObject[] = [];
  let omitted = 0;
  const excess = { nodes: 0, edges: false };
  for (const item of managed) {
    if (scope.excluded(item.id)) continue;
    if (!scope.permitted(item.id)) omitted++;
    else if (placed.size < most.nodes) placed.addManaged(item);
    else {
      excess.nodes++;
      continue;
    }
    if (item.object) (scope.permitted(item.id) ? shown : hidden).push(item.object);
  }
  let edges = 0;
  const isTooMany = () => {
    excess.edges = ++edges > most.edges;
    return excess.edges;
  };
  for (const { object, key, parentKey, isOwned, isNew } of objectsBelow(shown, live, {
    sources,
    seen,
    scope,
  })) {
    if (isTooMany()) break;
    if (isNew && !scope.permitted(idOf(object))) {
      omitted++;
      hidden.push(object);
      continue;
    }
    if (isNew && placed.size >= most.nodes) {
      excess.nodes++;
      continue;
    }
    if (isNew) {
      placed.addOwned(object);
      shown.push(object);
    }
    if (isOwned) placed.addOwner(key, parentKey);
    else placed.addOrigin(key, parentKey);
  }
  for (const { object, isNew } of objectsBelow(hidden, live, { sources, seen, scope })) {
    if (isTooMany()) break;
    if (!isNew) continue;
    omitted++;
    hidden.push(object);
  }
  const hosts = hostsOf(shown, live, scope.nodeLabels);
  return { tree: { nodes: placed.toNodes(), orphanedNodes: [], hosts }, omitted, excess };
}

/**
 * Everything below some objects, and whether it was not seen before; `parents` may be added to meanwhile. What was applied comes only
 * where it was not seen: it stands below the nearest that has it in its inventory.
 */
function* objectsBelow(
  parents: readonly LiveObject[],
  live: LiveObjects,
  { sources, seen, scope }: { sources: SourceKeys; seen: Set<string>; scope: Scope },
) {
  for (const parent of parents) {
    const parentKey = keyOf(idOf(parent));
    const below = [
      ...live.ownedBy(parent).map((object) => ({ object, isOwned: true })),
      ...appliedBelow(parent, live, sources).map((object) => ({ object, isOwned: false })),
    ];
    for (const { object, isOwned } of below) {
      const id = idOf(object);
      const key = keyOf(id);
      const isNew = !seen.has(key);
      if (scope.excluded(id) || !(isOwned || isNew)) continue;
      seen.add(key);
      yield { object, key, parentKey, isOwned, isNew };
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
  /** keys of what Flux made an object from, or of who applied it */
  readonly #origins = new Map<string, string[]>();
  readonly #owners = new Map<string, string[]>();
  readonly #customLabels: readonly string[];

  constructor(customLabels: readonly string[]) {
    this.#customLabels = customLabels;
  }

  get size(): number {
    return this.#nodes.size;
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

  addOrigin(key: string, originKey: string): void {
    if (this.#refs.has(originKey)) this.#origins.set(key, [originKey]);
  }

  addOwner(key: string, ownerKey: string): void {
    if (!this.#nodes.has(key) || !this.#refs.has(ownerKey)) return;
    const owners = this.#owners.get(key);
    if (owners) owners.push(ownerKey);
    else this.#owners.set(key, [ownerKey]);
  }

  toNodes(): ResourceNode[] {
    const parents = this.#parents();
    const placed = ([key, node]: [string, ResourceNode]): ResourceNode => {
      const parentRefs = (parents.get(key) ?? []).flatMap((parent) => this.#refs.get(parent) ?? []);
      return parentRefs.length > 0 ? { ...node, parentRefs } : node;
    };
    return [...this.#nodes].sort(([a], [b]) => compare(a, b)).map(placed);
  }

  /**
   * Owners first: commands of Argo CD show a node below its first parent, a claim in Git below its StatefulSet. In a circle only
   * those that were placed before.
   */
  #parents(): Map<string, string[]> {
    const keys = [...this.#nodes.keys()];
    const all = new Map(
      keys.map((key) => [key, [...(this.#owners.get(key) ?? []), ...(this.#origins.get(key) ?? [])]]),
    );
    const circling = inCircles(all);
    const places = new Map(keys.map((key, place) => [key, place]));
    const isBefore = (parent: string, key: string) => (places.get(parent) ?? 0) < (places.get(key) ?? 0);
    for (const key of circling) {
      const parents = all.get(key) ?? [];
      all.set(
        key,
        parents.filter((parent) => !circling.has(parent) || isBefore(parent, key)),
      );
    }
    return all;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
