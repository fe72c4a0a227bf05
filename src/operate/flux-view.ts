import type { UserError } from "../errors.js";
import { askableKind, kindOfFlux, type Workload } from "../flux/workload.js";
import { Followed, type FollowWidth } from "../kube/followed.js";
import type { Kube } from "../kube/kube.js";
import type { LiveObject } from "../kube/object.js";
import { keyOf, type ObjectId } from "../kube/object-id.js";

/** Flux's objects as somebody looked at them, who hears of it when they change. `T` is who looks. */
export class FluxView<T> {
  readonly #followed: Followed;
  readonly #interested = new Map<string, Set<T>>();

  /** @param signal ends it */
  constructor(kube: Pick<Kube, "watch" | "servedVersion">, width: FollowWidth, signal: AbortSignal) {
    this.#followed = new Followed(kube, width, signal);
  }

  /** What is known, by `keyOf()`. */
  get objects(): ReadonlyMap<string, LiveObject> {
    return this.#followed.objects;
  }

  /** An object as it is known; "unread" as long as nothing is, undefined when it does not exist, or is of no kind of Flux. */
  look(who: T, id: ObjectId): LiveObject | "unread" | undefined {
    const kind = kindOfFlux(id);
    if (!kind) return undefined;
    const key = keyOf(id);
    const interested = this.#interested.get(key) ?? new Set();
    this.#interested.set(key, interested.add(who));
    return this.#followed.get(kind, id);
  }

  /** Why what is known of a workload or source may be out of date. */
  troubleWith(id: ObjectId): UserError | undefined {
    return this.#followed.troubleWith(askableKind(id), id);
  }

  /** Takes an object as the API server answered it. */
  put(object: LiveObject): void {
    this.#followed.put(object);
  }

  /** Has those that looked at an object look again. */
  touch(id: ObjectId): void {
    this.#followed.touch(keyOf(id));
  }

  /** Those that looked at one of these. */
  interestedIn(keys: Iterable<string>): Set<T> {
    return new Set([...keys].flatMap((key) => [...(this.#interested.get(key) ?? [])]));
  }

  /** Each time all for whom something has changed since the last time; ends with the signal. */
  async *news(): AsyncGenerator<Set<T>> {
    for await (const changed of this.#followed.news()) yield this.interestedIn(changed);
  }
}

/** So few workloads are watched by name each, however many others there are. */
const fewWorkloads = 8;

/** In so many namespaces one watch over all of them costs less. */
const manyNamespaces = 8;

/** How widely the objects of these workloads are best watched. @param everywhere all namespaces may be read at once */
export function widthFor(workloads: readonly Workload[], everywhere: boolean): FollowWidth {
  if (workloads.length <= fewWorkloads) return "object";
  if (everywhere) return "cluster";
  const namespaces = new Set(workloads.map(({ namespace }) => namespace));
  return namespaces.size > manyNamespaces ? "cluster" : "namespace";
}
