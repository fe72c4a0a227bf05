import { concurrently } from "../kube/concurrently.js";
import { isForbidden, isRefusal } from "../kube/failure.js";
import { Secret } from "../kube/kinds.js";
import type { Kube, ListOptions } from "../kube/kube.js";
import type { Kind, LiveObject, ObjectRef } from "../kube/object.js";
import { groupKindOf, idOf, keyOf, objectId } from "../kube/object-id.js";
import { LiveIndex } from "../report/live/live-index.js";
import type { UnreadKind } from "../report/managed.js";
import { isPathSegment } from "../text/names.js";
import { nameOf, type Sight, type Stretch } from "./below.js";

const atOnce = 16;

/** What was read of a cluster so far. A kind that the API server does not hand out is noted, and the rest goes on. */
export class Readings implements Sight {
  readonly live = new LiveIndex();
  readonly #kube: Pick<Kube, "find" | "list">;
  readonly #unread = new Map<string, UnreadKind>();
  readonly #listed = new Set<string>();
  readonly #outlines = new Set<string>();

  constructor(kube: Pick<Kube, "find" | "list">) {
    this.#kube = kube;
  }

  /** In an order that does not depend on when each was read. */
  get unread(): UnreadKind[] {
    return [...this.#unread].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
  }

  isListed({ kind, namespace }: Stretch): boolean {
    return [
      { kind, namespace: undefined },
      { kind, namespace },
    ].some((one) => this.#listed.has(nameOf(one)));
  }

  isOutline(key: string): boolean {
    return this.#outlines.has(key);
  }

  /** What is kept of one object; undefined when there is none, or it may not be read. */
  async find(kind: Kind, ref: ObjectRef): Promise<LiveObject | undefined> {
    const key = keyOf(objectId(kind, ref));
    this.#outlines.delete(key);
    // whoever may write the status of a workload writes names into it
    if (![ref.name, ref.namespace ?? "-"].every(isPathSegment)) return undefined;
    const wanted = { metadataOnly: isSecret(kind) };
    const reading = this.#kube
      .find(kind, ref, wanted)
      .then((found) => ({ found: found as LiveObject | undefined }));
    const answer = await this.#tried(kind, reading);
    if (answer && !answer.found) this.live.delete(key);
    return answer?.found && this.live.set(answer.found);
  }

  /** @param isOutline metadata alone; what is known by more stays so */
  async list({ kind, namespace }: Stretch<Kind>, isOutline = false): Promise<void> {
    this.#listed.add(nameOf({ kind, namespace }));
    const wanted = { namespace, metadataOnly: isOutline || isSecret(kind) };
    const reading = this.#list(kind, wanted, (object) => {
      const key = keyOf(idOf(object));
      if (!isOutline || isSecret(kind)) this.live.set(object);
      else if (!this.live.get(key)) {
        this.live.set(object);
        this.#outlines.add(key);
      }
    });
    await this.#tried(kind, reading);
  }

  /** Those of a kind that a selector chooses, as far as they may be listed: each may still be read by itself. */
  async select(kind: Kind, namespace: string | undefined, labels: string): Promise<void> {
    const wanted = { namespace, labels, metadataOnly: isSecret(kind) };
    await this.#list(kind, wanted, (object) => this.live.set(object)).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
  }

  async #list(kind: Kind, wanted: ListOptions, take: (object: LiveObject) => void): Promise<void> {
    for await (const page of this.#kube.list(kind, wanted))
      for (const object of page) take(object as LiveObject);
  }

  async #tried<T>(kind: Kind, reading: Promise<T>): Promise<T | undefined> {
    try {
      return await reading;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { clause } = error;
      const because = isForbidden(error) ? "forbidden" : clause;
      this.#unread.set(groupKindOf(kind), { group: kind.group, kind: kind.kind, because });
      return undefined;
    }
  }
}

/** Does something with each, some at a time. */
export async function withEach<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  for await (const _ of concurrently(items, atOnce, work));
}

/** Of these only the metadata is read: the values are nobody's business. */
function isSecret(kind: Kind): boolean {
  return groupKindOf(kind) === groupKindOf(Secret);
}
