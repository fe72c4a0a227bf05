import { sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Alike, UserError } from "../errors.js";
import type { ListOptions, Reader } from "../kube/kube.js";
import type { LabelSelector } from "../kube/label-selector.js";
import { parseLabelSelector } from "../kube/label-selector.js";
import type { Kind, KubeObject } from "../kube/object.js";
import { idOf, namespacedName, renderId } from "../kube/object-id.js";

const pageSize = 500;

interface Entry {
  object: KubeObject;
  file: string;
  /** it stands in no file: another object says that it will be made */
  derived: boolean;
}

/** Objects that were read from files, behind the same interface as a live cluster. */
export class FileReader implements Reader {
  /** by group and kind, then by namespace and name */
  readonly #kinds = new Map<string, Map<string, Entry[]>>();
  readonly #files = new Map<KubeObject, string>();

  /**
   * The same object a second time is dropped; a different one of the same name is kept as a contradiction.
   *
   * @param derived it only follows from another object, and gives way to one that is written out
   */
  add(object: KubeObject, file: string, derived = false): void {
    const group = object.apiVersion.split("/")[0] ?? "";
    const kind = `${group}/${object.kind}`;
    const entries = this.#kinds.get(kind) ?? new Map<string, Entry[]>();
    this.#kinds.set(kind, entries);
    const key = namespacedName(object.metadata);
    const entry = { object, file, derived };
    const others = entries.get(key);
    entries.set(key, others ? differentAmong([...others, entry]) : [entry]);
    this.#files.set(object, file);
  }

  /** Everything that was added. */
  objects(): Iterable<KubeObject> {
    return this.#files.keys();
  }

  /** The file that an object came from. */
  fileOf(object: KubeObject): string | undefined {
    return this.#files.get(object);
  }

  async servedVersion(kind: Kind): Promise<string | undefined> {
    const [first] = this.#entriesOf(kind).values();
    return first?.[0]?.object.apiVersion.split("/")[1];
  }

  /** @throws UserError when files contradict each other about the object */
  async find<T extends KubeObject>(
    kind: Kind<T>,
    ref: { name: string; namespace?: string | undefined },
  ): Promise<T | undefined> {
    const entries = this.#entriesOf(kind).get(namespacedName(ref)) ?? [];
    const [first, second] = entries;
    if (first && second) throw contradiction(first, second);
    return first?.object as T | undefined;
  }

  /** Contradictory objects are left out of lists; {@link contradictions} tells them. */
  async *list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): AsyncIterable<T[]> {
    const fits = selectorFor(options);
    let page: T[] = [];
    for (const entries of this.#entriesOf(kind).values()) {
      const [first, second] = entries;
      if (!first || second || !fits(first.object)) continue;
      page.push(first.object as T);
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  /** An error for each object of this kind about which files contradict each other, where one of the versions fits. */
  contradictions(kind: Kind, options: ListOptions = {}): UserError[] {
    const fits = selectorFor(options);
    return [...this.#entriesOf(kind).values()].flatMap((entries) => {
      const [first, second] = entries;
      return first && second && entries.some(({ object }) => fits(object))
        ? [contradiction(first, second)]
        : [];
    });
  }

  #entriesOf(kind: Kind): Map<string, Entry[]> {
    return this.#kinds.get(`${kind.group}/${kind.kind}`) ?? new Map<string, Entry[]>();
  }
}

/** Those that are written out, if any is, each content once. */
function differentAmong(all: readonly Entry[]): Entry[] {
  const written = all.filter(({ derived }) => !derived);
  const kept = written.length > 0 ? written : all;
  return kept.filter(
    (entry, index) => kept.findIndex((other) => isDeepStrictEqual(other.object, entry.object)) === index,
  );
}

function selectorFor(options: ListOptions): (object: KubeObject) => boolean {
  const labels: LabelSelector | undefined = options.labels ? parseLabelSelector(options.labels) : undefined;
  return ({ metadata }) =>
    (options.namespace === undefined || metadata.namespace === options.namespace) &&
    (options.name === undefined || metadata.name === options.name) &&
    (labels === undefined || labels(metadata.labels ?? {}));
}

/** Files say different things about one object. */
export class Contradiction extends UserError {
  override readonly clause: string;

  constructor(what: string, options: { hint: string; alike?: Alike }) {
    super(`Cannot tell ${what}`, options);
    this.clause = `it cannot be told ${what}`;
  }
}

function contradiction(first: Entry, second: Entry): Contradiction {
  const subject = renderId(idOf(first.object));
  const isPatch = "If one is a patch of the other, read what kustomize builds: -k DIR";
  if (first.file === second.file) {
    const what = `which ${subject} is meant: it stands twice in ${first.file}, with different content`;
    return new Contradiction(what, { hint: isPatch });
  }
  const [one, other] = apart(first.file, second.file);
  const sentence = (subjects: string) =>
    `Cannot tell which ${subjects} are meant: they stand in ${one} and in ${other}, with different content`;
  return new Contradiction(
    `which ${subject} is meant: it stands in ${first.file} and in ${second.file}, with different content`,
    {
      hint: `If these are two clusters, name one cluster's folder: -f ${one}. ${isPatch}`,
      alike: { cause: `${one} ${other}`, subject, sentence },
    },
  );
}

/** Where the ways to two files part: "clusters/prod" and "clusters/staging". */
function apart(one: string, other: string): [string, string] {
  const [a, b] = [one.split(sep), other.split(sep)];
  const end = a.findIndex((part, index) => part !== b[index]) + 1;
  return [a.slice(0, end).join(sep), b.slice(0, end).join(sep)];
}
