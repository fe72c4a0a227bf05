import { setMaxListeners } from "node:events";
import { aborted } from "../../abort.js";
import { CustomResourceDefinition } from "../../kube/kinds.js";
import type { Kind } from "../../kube/object.js";
import { groupKindOf } from "../../kube/object-id.js";
import { resourceName } from "../../kube/resource.js";
import { type ServedKind, servedKinds } from "../../kube/served-kinds.js";
import { failing } from "../failing.js";
import type { Unknown } from "../unknown.js";
import { KindWatch, type KindWatchOptions } from "./kind-watch.js";

export interface WatchAllOptions extends Omit<KindWatchOptions, "onSettled" | "onNotServed" | "onChange"> {
  /** kinds that nobody wants to see */
  excluded(kind: { group: string; kind: string }): boolean;
}

/** Two pages of each are in memory, which make the peak of the whole engine where objects are few. */
const beginAtOnce = 4;

/** Watches every kind of a cluster, those that come later, too. */
export class WatchAll {
  readonly #options: WatchAllOptions;
  readonly #watches = new Map<string, KindWatch>();
  readonly #pending = new Set<string>();
  /** by `groupKindOf()`; also what is not watched, or not served any more */
  readonly #kinds = new Map<string, ServedKind>();
  #whenSynced: (() => void)[] = [];
  #whenSettled: (() => void)[] = [];
  #kindsChanged: NodeJS.Timeout | undefined;
  readonly #bug = failing();
  /** Rejects with what only a bug can have caused. */
  readonly failure = this.#bug.failure;

  constructor(options: WatchAllOptions) {
    this.#options = options;
    // each kind listens to it
    setMaxListeners(0, options.signal);
  }

  /**
   * Starts, and resolves when every kind has been listed once, or cannot be.
   *
   * @throws UserError when it is not known which kinds there are
   */
  async start(): Promise<void> {
    await this.#update();
    await this.synced();
  }

  synced(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenSynced.push(resolve);
    });
  }

  /** How many kinds are watched. */
  get size(): number {
    return this.#watches.size;
  }

  /** Whether objects of a kind live in namespaces; so they do as a rule, also where a kind is not known. */
  isNamespaced(kind: { group: string; kind: string }): boolean {
    return this.kindOf(kind)?.namespaced ?? true;
  }

  /** A kind as the API server serves it; undefined where it was not seen to. */
  kindOf(kind: { group: string; kind: string }): ServedKind | undefined {
    return this.#kinds.get(groupKindOf(kind));
  }

  /**
   * Why it is not known which objects of a kind there are, in one namespace or in all; undefined when it is: they were listed
   * completely, and what happened since was told.
   */
  unknownBecause(kind: Kind, namespace?: string): Unknown | undefined {
    const watch = this.#watches.get(resourceName(kind));
    return watch ? watch.unknownBecause(namespace) : "not served";
  }

  /** Looks which kinds there are now, as after a change of the settings. */
  async #update(): Promise<void> {
    const { kube, excluded, essential, signal } = this.#options;
    const kinds = await servedKinds(kube);
    for (const kind of kinds) this.#kinds.set(groupKindOf(kind), kind);
    const wanted = new Map(kinds.filter((kind) => !excluded(kind)).map((kind) => [resourceName(kind), kind]));
    for (const [name, watch] of this.#watches) {
      if (wanted.has(name)) continue;
      this.#watches.delete(name);
      watch.stop();
      this.#settled(name);
    }
    const isAwaited = () => [...wanted].some(([name, kind]) => essential(kind) && this.#pending.has(name));
    const essentialFirst = [...wanted].sort(([, a], [, b]) => Number(essential(b)) - Number(essential(a)));
    for (const [name, kind] of essentialFirst) {
      // each has a connection of its own: dozens at the same moment are too much for some servers and what is before them
      const mustWait = () => this.#pending.size >= beginAtOnce || (!essential(kind) && isAwaited());
      while (mustWait() && !signal.aborted) await this.#nextSettled();
      if (signal.aborted) return;
      const watch = this.#watches.get(name);
      if (watch) watch.tellNotServed();
      else this.#begin(name, kind);
    }
  }

  #nextSettled(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#whenSettled.push(resolve);
    });
    return Promise.race([settled, aborted(this.#options.signal)]);
  }

  #begin(name: string, kind: ServedKind): void {
    const isAboutKinds = name === resourceName(CustomResourceDefinition);
    const watch = new KindWatch(kind, {
      ...this.#options,
      onSettled: () => this.#settled(name),
      onNotServed: () => this.refresh(),
      onChange: () => {
        if (isAboutKinds) this.refresh();
      },
    });
    this.#watches.set(name, watch);
    this.#pending.add(name);
    watch.follow().catch(this.#bug.fail);
  }

  /** Looks again which kinds there are and which are wanted: many changes come together, so a moment later. */
  refresh(): void {
    this.#kindsChanged ??= setTimeout(() => {
      this.#kindsChanged = undefined;
      this.#update().catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== "UserError") this.#bug.fail(error);
        // the API server is away
        else if (!this.#options.signal.aborted) {
          for (const watch of this.#watches.values()) watch.tellNotServed();
          this.refresh();
        }
      });
    }, 500);
    this.#kindsChanged.unref();
  }

  #settled(name: string): void {
    if (!this.#pending.delete(name)) return;
    for (const resolve of this.#whenSettled.splice(0)) resolve();
    if (this.#pending.size > 0) return;
    for (const resolve of this.#whenSynced.splice(0)) resolve();
  }
}
