import type { UserError } from "../errors.js";
import { concurrently } from "./concurrently.js";
import { isForbidden } from "./failure.js";
import type { Reader } from "./kube.js";
import type { Kind, LiveObject, ObjectRef } from "./object.js";
import { groupKindOf, idOf, keyOf, objectId } from "./object-id.js";

export interface GatherOptions {
  /** each object by itself, where few are wanted of many; else all of a kind at once */
  byName: boolean;
  /** what is kept of an object: thousands are held at once */
  keep(object: LiveObject): LiveObject;
}

export interface Trouble {
  kind: Kind;
  error: UserError;
}

interface Wanted {
  kind: Kind;
  ref: ObjectRef;
}

const atOnce = 8;

/**
 * Objects that are asked for one after the other, as somebody finds out that he needs them, and then read together: by one LIST
 * for each kind, of a single namespace where nothing else is wanted. `Followed` answers the same questions for as long as one listens.
 */
export class Gathered {
  /** by `keyOf()` */
  readonly objects = new Map<string, LiveObject>();
  readonly #reader: Reader;
  readonly #options: GatherOptions;
  readonly #wanted = new Map<string, Wanted>();
  /** kinds, namespaces of kinds and single objects of which all is known, see {@link places} */
  readonly #read = new Set<string>();
  readonly #troubles = new Map<string, Trouble>();

  constructor(reader: Reader, options: GatherOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** An object, undefined when it does not exist; "unread" until {@link read} was called, and afterwards where there is no right. */
  get(kind: Kind, ref: ObjectRef): LiveObject | "unread" | undefined {
    const key = keyOf(objectId(kind, ref));
    const found = this.objects.get(key);
    if (found) return found;
    const where = places(kind, ref);
    if (where.some((place) => this.#read.has(place))) return undefined;
    if (!where.some((place) => this.#troubles.has(place))) this.#wanted.set(key, { kind, ref });
    return "unread";
  }

  /** Why an object cannot be read: a right is missing. */
  troubleWith(kind: Kind, ref: ObjectRef): UserError | undefined {
    return places(kind, ref)
      .map((place) => this.#troubles.get(place)?.error)
      .find((error) => error !== undefined);
  }

  /** Each missing right that was met, with the kind that it is about. */
  get troubles(): Trouble[] {
    return [...new Map([...this.#troubles.values()].map((one) => [one.error.message, one])).values()];
  }

  /**
   * Reads what was asked for since the last time. False when nothing was.
   *
   * @throws UserError for whatever is no missing right
   */
  async read(): Promise<boolean> {
    const byKind = new Map<string, Wanted[]>();
    for (const wanted of this.#wanted.values()) {
      const key = groupKindOf(wanted.kind);
      const known = byKind.get(key);
      if (known) known.push(wanted);
      else byKind.set(key, [wanted]);
    }
    this.#wanted.clear();
    await Promise.all([...byKind.values()].map((some) => this.#readOfKind(some)));
    return byKind.size > 0;
  }

  /** Reads all objects of a kind, in a namespace or everywhere. */
  async readAll(kind: Kind, namespace?: string): Promise<void> {
    const place = placeOf(kind, namespace);
    await this.#orTrouble(kind, place, async () => {
      for await (const page of this.#reader.list(kind, { namespace })) {
        for (const object of page) this.#put(object);
      }
    });
  }

  async #readOfKind(some: readonly Wanted[]): Promise<void> {
    const [first] = some;
    if (!first) return;
    const { kind } = first;
    if (this.#options.byName) {
      for await (const _ of concurrently(some, atOnce, ({ ref }) => this.#readOne(kind, ref)));
      return;
    }
    const namespaces = new Set(some.map(({ ref }) => ref.namespace));
    if (namespaces.size > 1) {
      await this.readAll(kind);
      if (this.#read.has(placeOf(kind))) return;
      // who may not list all of them may list those of some namespaces
      this.#troubles.delete(placeOf(kind));
    }
    for await (const _ of concurrently(namespaces, atOnce, (namespace) => this.readAll(kind, namespace)));
  }

  async #readOne(kind: Kind, ref: ObjectRef): Promise<void> {
    await this.#orTrouble(kind, keyOf(objectId(kind, ref)), async () => {
      const found = await this.#reader.find(kind, ref);
      if (found) this.#put(found);
    });
  }

  async #orTrouble(kind: Kind, place: string, reading: () => Promise<void>): Promise<void> {
    try {
      await reading();
      this.#read.add(place);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#troubles.set(place, { kind, error });
    }
  }

  #put(object: LiveObject): void {
    this.objects.set(keyOf(idOf(object)), this.#options.keep(object));
  }
}

/** Where an object is looked for, the widest first. */
function places(kind: Kind, ref: ObjectRef): string[] {
  return [placeOf(kind), placeOf(kind, ref.namespace), keyOf(objectId(kind, ref))];
}

function placeOf(kind: Kind, namespace = ""): string {
  return `${groupKindOf(kind)} ${namespace}`;
}
