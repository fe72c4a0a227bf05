import { once } from "node:events";
import type { UserError } from "../errors.js";
import { isForbidden } from "./failure.js";
import type { Kube } from "./kube.js";
import type { Kind, KubeObject, LiveObject, ObjectRef } from "./object.js";
import { idOf, keyOf, objectId } from "./object-id.js";
import { resourceName } from "./resource.js";

/** How widely one watch looks: at one object, at all of a kind in a namespace, or in all namespaces. */
export type FollowWidth = "object" | "namespace" | "cluster";

/** What one watch looks at. */
interface Place {
  kind: Kind;
  namespace: string | undefined;
  name: string | undefined;
  /** keys that somebody asked for */
  wanted: Set<string>;
  /** all that is there has been told */
  isRead: boolean;
  /** why what was told may be out of date, or nothing is known */
  trouble: UserError | undefined;
}

/**
 * Objects that are asked for one after the other, as they are and become: each place is watched once, whoever asks for however
 * much of it.
 */
export class Followed {
  /** by `keyOf()` */
  readonly objects = new Map<string, LiveObject>();
  readonly #kube: Pick<Kube, "watch" | "servedVersion">;
  readonly #width: FollowWidth;
  readonly #signal: AbortSignal;
  readonly #places = new Map<string, Place>();
  readonly #bell = new EventTarget();
  #changed = new Set<string>();
  #failure: unknown;

  /** @param signal ends all watches */
  constructor(kube: Pick<Kube, "watch" | "servedVersion">, width: FollowWidth, signal: AbortSignal) {
    this.#kube = kube;
    this.#width = width;
    this.#signal = signal;
  }

  /**
   * Follows an object from now on. "unread" as long as nothing is known of it, undefined when it does not exist.
   */
  get(kind: Kind, ref: ObjectRef): LiveObject | "unread" | undefined {
    const key = keyOf(objectId(kind, ref));
    const place = this.#placeOf(kind, ref);
    place.wanted.add(key);
    return this.objects.get(key) ?? (place.isRead ? undefined : "unread");
  }

  /** Why what is known of an object may be out of date, or nothing is known of it. */
  troubleWith(kind: Kind, ref: ObjectRef): UserError | undefined {
    return this.#placeOf(kind, ref).trouble;
  }

  /** Takes an object as the API server answered it, before a watch tells it. */
  put(object: LiveObject): void {
    const key = keyOf(idOf(object));
    this.objects.set(key, object);
    this.#ring([key]);
  }

  /** Has {@link news} tell of an object, as if it had changed. */
  touch(key: string): void {
    this.#ring([key]);
  }

  /**
   * The keys of what has changed, or can be told now, each time all since the last time; ends with the signal.
   *
   * @throws what no watch can go on after
   */
  async *news(): AsyncGenerator<ReadonlySet<string>> {
    while (!this.#signal.aborted) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#changed.size === 0) {
        await once(this.#bell, "ring", { signal: this.#signal }).catch(() => {});
        continue;
      }
      const changed = this.#changed;
      this.#changed = new Set();
      yield changed;
    }
  }

  #placeOf(kind: Kind, { name, namespace }: ObjectRef): Place {
    const isObject = this.#width === "object";
    const where = this.#width === "cluster" ? undefined : namespace;
    const key = [resourceName(kind), where ?? "", isObject ? name : ""].join(" ");
    const known = this.#places.get(key);
    if (known) return known;
    const place: Place = {
      kind,
      namespace: where,
      name: isObject ? name : undefined,
      wanted: new Set(),
      isRead: false,
      trouble: undefined,
    };
    this.#places.set(key, place);
    this.#watch(place).catch((error: unknown) => {
      this.#failure = error;
      this.#ring([]);
    });
    return place;
  }

  async #watch(place: Place): Promise<void> {
    const { kind, namespace, name } = place;
    if ((await this.#kube.servedVersion(kind)) === undefined) return this.#tell(place, { isRead: true });
    for await (const event of this.#kube.watch<KubeObject>(kind, { namespace, name, signal: this.#signal })) {
      switch (event.type) {
        case "set":
          this.put(event.object);
          break;
        case "gone":
          this.#forget(kind, event.key);
          break;
        case "synced":
          this.#tell(place, { isRead: true });
          break;
        case "unavailable":
          this.#tell(place, { trouble: event.error });
          // to ask again does not give a right
          if (!place.isRead && isForbidden(event.error)) return;
          break;
        case "available":
          this.#tell(place, { trouble: undefined });
      }
    }
  }

  /** @param at "NAMESPACE/NAME" */
  #forget(kind: Kind, at: string): void {
    const [name = "", namespace] = at.split("/").reverse();
    const key = keyOf(objectId(kind, { name, namespace }));
    this.objects.delete(key);
    this.#ring([key]);
  }

  #tell(place: Place, news: Partial<Place>): void {
    Object.assign(place, news);
    this.#ring(place.wanted);
  }

  #ring(keys: Iterable<string>): void {
    for (const key of keys) this.#changed.add(key);
    this.#bell.dispatchEvent(new Event("ring"));
  }
}
