import { isAppliedByFlux } from "../../flux/applied-by.js";
import { isFluxGroup } from "../../flux/groups.js";
import type { LiveObject } from "../../kube/object.js";
import { groupOf, idOf, idOfKey, keyOf } from "../../kube/object-id.js";
import { Several } from "../../several.js";
import { claimBase, claimBasesMadeBy, ownersOf } from "./owners.js";
import { type Packed, Packer } from "./packed.js";
import { type Requested, RequestedOfNodes } from "./requested.js";
import { scaledPastFlux } from "./scaled.js";
import { Shared } from "./shared.js";
import { slim } from "./slim.js";

/** The live objects of a cluster, as a report asks for them. */
export interface LiveObjects {
  /** Without what only its diff needs, see `slim()`. @param key as `keyOf()` writes it */
  get(key: string): LiveObject | undefined;
  /** All of it, and how long that is as JSON, if it is Flux's own or was applied by Flux: of others only the slim form is kept. */
  whole(key: string): { object: LiveObject; bytes: number } | undefined;
  /** Who has scaled an object past Flux, by `scaledPastFlux()`. */
  scaledBy(key: string): string | undefined;
  /** What belongs to an object, directly. */
  ownedBy(owner: LiveObject): LiveObject[];
  /** What Pods ask of a machine. */
  requestedOf(node: string): Requested;
}

/**
 * Keeps live objects by key and by owner, so that each change and each question costs the same, however many there are.
 * Of Secrets the metadata will do.
 */
export class LiveIndex implements LiveObjects {
  readonly #objects = new Map<string, LiveObject>();
  readonly #shared = new Shared();
  readonly #packer = new Packer();
  readonly #packed = new Map<string, Packed>();
  readonly #scaled = new Map<string, string>();
  /** keys of the owned, by "uid UID", "key KEY" or "claim BASE" of the owner */
  readonly #owned = new Several();
  readonly #requested = new RequestedOfNodes();

  constructor(objects: Iterable<LiveObject> = []) {
    for (const object of objects) this.set(object);
  }

  /**
   * Adds an object, or puts it in the place of the one that it is a newer state of.
   *
   * @param keepsWhole whether {@link whole} is to answer it, if it is Flux's
   * @returns what is kept of it, which is what {@link get} answers
   */
  set(object: LiveObject, keepsWhole = true): LiveObject {
    const key = keyOf(idOf(object));
    const scaled = scaledPastFlux(object, () => this.whole(key)?.object, this.#scaled.get(key));
    // first all that an object of a strange form may make fail
    const kept = this.#shared.share(slim(object));
    const packed = keepsWhole && isFluxs(object) ? this.#packer.pack(object) : undefined;
    const entries = entriesOf(object);
    this.delete(key);
    if (scaled !== undefined) this.#scaled.set(key, scaled);
    this.#objects.set(key, kept);
    this.#requested.count(kept, 1);
    if (packed !== undefined) this.#packed.set(key, packed);
    for (const entry of entries) this.#owned.add(entry, key);
    return kept;
  }

  delete(key: string): void {
    const object = this.#objects.get(key);
    if (!object) return;
    this.#objects.delete(key);
    this.#packed.delete(key);
    this.#scaled.delete(key);
    this.#requested.count(object, -1);
    for (const entry of entriesOf(object)) this.#owned.delete(entry, key);
  }

  get(key: string): LiveObject | undefined {
    return this.#objects.get(key);
  }

  whole(key: string): { object: LiveObject; bytes: number } | undefined {
    const packed = this.#packed.get(key);
    return packed === undefined ? undefined : this.#packer.unpack(packed, idOfKey(key));
  }

  /** Whether an object is there of which {@link whole} would answer more, had it been kept. */
  lacksWhole(key: string): boolean {
    const object = this.#objects.get(key);
    return object !== undefined && !this.#packed.has(key) && isFluxs(object);
  }

  scaledBy(key: string): string | undefined {
    return this.#scaled.get(key);
  }

  requestedOf(node: string): Requested {
    return this.#requested.of(node);
  }

  values(): Iterable<LiveObject> {
    return this.#objects.values();
  }

  /** How many there are. */
  get size(): number {
    return this.#objects.size;
  }

  ownedBy(owner: LiveObject): LiveObject[] {
    const { uid, namespace = "" } = owner.metadata;
    const entries = [`key ${keyOf(idOf(owner))}`, ...claimBasesMadeBy(owner).map((base) => `claim ${base}`)];
    if (uid) entries.push(`uid ${uid}`);
    const found = new Set<LiveObject>();
    for (const entry of entries) {
      for (const key of this.#owned.of(entry)) {
        const object = this.#objects.get(key);
        // Kubernetes knows no owner in another namespace: who claims one could put foreign objects into a tree
        if (object && (namespace === "" || object.metadata.namespace === namespace)) found.add(object);
      }
    }
    return [...found];
  }
}

/** Flux's own, or applied by Flux. */
function isFluxs(object: LiveObject): boolean {
  return isAppliedByFlux(object) || isFluxGroup(groupOf(object.apiVersion));
}

function entriesOf(object: LiveObject): string[] {
  const entries = ownersOf(object).map(({ by, value }) => `${by} ${value}`);
  const base = claimBase(object);
  return base === undefined ? entries : [...entries, `claim ${base}`];
}
