import { setMaxListeners } from "node:events";
import type { UserError } from "../../errors.js";
import { isForbidden } from "../../kube/failure.js";
import type { Kind } from "../../kube/object.js";
import type { Kube } from "../../kube/reader.js";
import { resourceName } from "../../kube/resource.js";
import { type ServedKind, servedKinds } from "../../kube/served-kinds.js";
import { groupKindOf, idOf, keyOf, type LiveObject } from "../live-object.js";

/** What is told of all kinds together. */
export interface WatchListener {
  set(object: LiveObject): void;
  /** it is gone for sure; @param key as `keyOf()` writes it */
  gone(key: string): void;
  /** whether it is there is not known any more: its kind may not be read, or is not served */
  hidden(key: string): void;
  /** a kind cannot be read, or (undefined) can be again */
  unread(kind: ServedKind, because: string | undefined): void;
  /** the connection to this kind is lost or back: what is known may be old for a while */
  trouble(kind: ServedKind, error: UserError | undefined): void;
}

export interface WatchAllOptions {
  kube: Kube;
  signal: AbortSignal;
  /** kinds that nobody wants to see */
  excluded(kind: { group: string; kind: string }): boolean;
  /** where kinds are watched that may not be read in all namespaces */
  home: string;
  listener: WatchListener;
}

/** Why it is not known which objects of a kind there are. "not heard": the API server is away, or cannot read them. */
export type Unknown = "not served" | "forbidden" | "not heard" | `only permitted in ${string}`;

/** One kind that is watched. */
interface Watching {
  stop: AbortController;
  told: Set<string>;
  /** there was a complete list, of this namespace or (undefined) of all, and whatever came since was heard */
  listed: { namespace: string | undefined } | undefined;
  /** why nothing is heard at the moment */
  unheard: "forbidden" | "not heard" | undefined;
}

const beginAtOnce = 12;

const crds = { group: "apiextensions.k8s.io", plural: "customresourcedefinitions" };

/** Watches every kind of a cluster, those that come later, too. */
export class WatchAll {
  readonly #options: WatchAllOptions;
  readonly #watches = new Map<string, Watching>();
  readonly #pending = new Set<string>();
  readonly #namespaced = new Map<string, boolean>();
  #whenSynced: (() => void)[] = [];
  #whenSettled: (() => void)[] = [];
  #kindsChanged: NodeJS.Timeout | undefined;
  #failed: (error: unknown) => void = () => {};
  /** Rejects with what only a bug can have caused. */
  readonly failure: Promise<never>;

  constructor(options: WatchAllOptions) {
    this.#options = options;
    this.failure = new Promise((_, reject) => {
      this.#failed = reject;
    });
    this.failure.catch(() => {});
    // each kind listens to it
    setMaxListeners(0, options.signal);
  }

  /** Starts, and resolves when every kind has been listed once, or cannot be. */
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
  isNamespaced({ group, kind }: { group: string; kind: string }): boolean {
    return this.#namespaced.get(groupKindOf({ group, kind })) ?? true;
  }

  /**
   * Why it is not known which objects of a kind there are, in one namespace or in all; undefined when it is: they were listed
   * completely, and what happened since was told.
   */
  unknownBecause(kind: Kind, namespace?: string): Unknown | undefined {
    const watching = this.#watches.get(resourceName(kind));
    if (!watching) return "not served";
    const { listed, unheard } = watching;
    if (unheard || !listed) return unheard ?? "not heard";
    const isWhole = listed.namespace === undefined || listed.namespace === namespace;
    return isWhole ? undefined : `only permitted in ${listed.namespace}`;
  }

  /** Looks which kinds there are now, as after a change of the settings. */
  async #update(): Promise<void> {
    const { kube, excluded } = this.#options;
    const kinds = await servedKinds(kube);
    for (const kind of kinds) this.#namespaced.set(groupKindOf(kind), kind.namespaced);
    const wanted = new Map(kinds.filter((kind) => !excluded(kind)).map((kind) => [resourceName(kind), kind]));
    for (const [name, { stop, told }] of this.#watches) {
      if (wanted.has(name)) continue;
      stop.abort();
      this.#watches.delete(name);
      for (const key of told) this.#options.listener.hidden(key);
      this.#settled(name);
    }
    for (const [name, kind] of wanted) {
      // each has a connection of its own: dozens at the same moment are too much for some servers and what is before them
      while (this.#pending.size >= beginAtOnce) await this.#nextSettled();
      if (this.#options.signal.aborted) return;
      if (!this.#watches.has(name)) this.#begin(name, kind);
    }
  }

  #nextSettled(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenSettled.push(resolve);
      if (this.#options.signal.aborted) resolve();
      this.#options.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #begin(name: string, kind: ServedKind): void {
    const stop = new AbortController();
    const watching: Watching = { stop, told: new Set(), listed: undefined, unheard: undefined };
    this.#watches.set(name, watching);
    this.#pending.add(name);
    this.#follow(name, kind, watching).catch(this.#failed);
  }

  async #follow(name: string, kind: ServedKind, watching: Watching): Promise<void> {
    const { kube, listener, home } = this.#options;
    const { stop, told } = watching;
    const signal = AbortSignal.any([stop.signal, this.#options.signal]);
    // a Secret's values are never read
    const metadataOnly = kind.group === "" && kind.kind === "Secret";
    let namespace: string | undefined;
    for (;;) {
      let narrower = false;
      for await (const event of kube.watch<LiveObject>(kind as Kind<LiveObject>, {
        namespace,
        metadataOnly,
        signal,
      })) {
        switch (event.type) {
          case "set": {
            const key = keyOf(idOf(event.object));
            told.add(key);
            listener.set(event.object);
            if (kind.plural === crds.plural && kind.group === crds.group) this.refresh();
            break;
          }
          case "gone": {
            const [first = "", second] = event.key.split("/");
            const [ns, objectName] = second === undefined ? ["", first] : [first, second];
            const key = keyOf({ group: kind.group, kind: kind.kind, namespace: ns, name: objectName });
            told.delete(key);
            listener.gone(key);
            if (kind.plural === crds.plural && kind.group === crds.group) this.refresh();
            break;
          }
          case "synced":
            watching.listed = { namespace };
            watching.unheard = undefined;
            listener.unread(kind, namespace === undefined ? undefined : `only permitted in ${home}`);
            this.#settled(name);
            break;
          case "available":
            // what was hidden is not told anew: only a new list makes it known
            watching.unheard = undefined;
            listener.trouble(kind, undefined);
            break;
          case "unavailable":
            watching.unheard = isForbidden(event.error) ? "forbidden" : "not heard";
            if (watching.unheard === "forbidden") {
              watching.listed = undefined;
              for (const key of told) listener.hidden(key);
              told.clear();
              listener.unread(kind, "forbidden");
              // one's own namespace may be permitted
              if (kind.namespaced && namespace === undefined && isHomely(kind)) narrower = true;
            } else listener.trouble(kind, event.error);
            this.#settled(name);
            break;
        }
        if (narrower) break;
      }
      if (!narrower) return;
      namespace = home;
    }
  }

  /** Looks again which kinds there are and which are wanted: many changes come together, so a moment later. */
  refresh(): void {
    this.#kindsChanged ??= setTimeout(() => {
      this.#kindsChanged = undefined;
      this.#update().catch((error: unknown) => {
        // the API server was away: the CRDs are told again when it is back
        if (!(error instanceof Error) || error.name !== "UserError") this.#failed(error);
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

/** What Argo CD itself needs and a Role in its namespace may give. */
function isHomely({ group, kind }: ServedKind): boolean {
  return group === "argoproj.io" || (group === "" && (kind === "ConfigMap" || kind === "Secret"));
}
