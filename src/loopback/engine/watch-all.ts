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
  /** kinds that must have been listed before anything else is done */
  essential(kind: { group: string; kind: string }): boolean;
  /** where kinds are watched that may not be read in all namespaces */
  home: string;
  listener: WatchListener;
  /** how often rights for all namespaces are looked for there; a minute when not given */
  tryWiderMs?: number;
}

/** Why it is not known which objects of a kind there are. "not heard": the API server is away, or cannot read them. */
export type Unknown = "not served" | "forbidden" | "not heard" | `only permitted in ${string}`;

/** One kind that is watched. */
interface Watching {
  stop: AbortController;
  /** keys of what was told to be there, by and by; also while it is hidden */
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
    const signal = AbortSignal.any([watching.stop.signal, this.#options.signal]);
    let namespace: string | undefined;
    while (!signal.aborted) {
      const next = await this.#listen(name, kind, watching, { namespace, signal });
      namespace = next === "narrower" ? this.#options.home : undefined;
    }
    if (this.#options.signal.aborted) return;
    // it is not served any more
    this.#options.listener.unread(kind, undefined);
    this.#options.listener.trouble(kind, undefined);
  }

  /** @returns how to go on: in one's own namespace only; or from the beginning, in all */
  async #listen(
    name: string,
    kind: ServedKind,
    watching: Watching,
    { namespace, signal }: { namespace: string | undefined; signal: AbortSignal },
  ): Promise<"narrower" | "anew"> {
    const { kube, listener, home, tryWiderMs = 60_000 } = this.#options;
    const { told } = watching;
    /** told by an earlier try, and not again yet */
    const before = new Set(told);
    const isAboutCrds = kind.plural === crds.plural && kind.group === crds.group;
    // a Secret's values are never read
    const metadataOnly = kind.group === "" && kind.kind === "Secret";
    const wider = new AbortController();
    const timer = namespace === undefined ? undefined : setTimeout(() => wider.abort(), tryWiderMs);
    const either = AbortSignal.any([signal, wider.signal]);
    try {
      const wanted = { namespace, metadataOnly, signal: either };
      for await (const event of kube.watch<LiveObject>(kind as Kind<LiveObject>, wanted)) {
        switch (event.type) {
          case "set": {
            const key = keyOf(idOf(event.object));
            told.add(key);
            before.delete(key);
            listener.set(event.object);
            if (isAboutCrds) this.refresh();
            break;
          }
          case "gone": {
            const key = keyFrom(kind, event.key);
            told.delete(key);
            before.delete(key);
            listener.gone(key);
            if (isAboutCrds) this.refresh();
            break;
          }
          case "synced":
            for (const key of before) {
              if (namespace !== undefined) listener.hidden(key);
              else if (told.delete(key)) listener.gone(key);
            }
            before.clear();
            watching.listed = { namespace };
            watching.unheard = undefined;
            listener.unread(kind, namespace === undefined ? undefined : `only permitted in ${home}`);
            listener.trouble(kind, undefined);
            this.#settled(name);
            break;
          case "available":
            // what was hidden is not told anew: only a new list makes it known
            if (!watching.listed) return "anew";
            watching.unheard = undefined;
            listener.trouble(kind, undefined);
            break;
          case "unavailable":
            if (isForbidden(event.error)) {
              // one's own namespace may be permitted
              if (namespace === undefined && kind.namespaced && isHomely(kind)) return "narrower";
              watching.unheard = "forbidden";
              watching.listed = undefined;
              for (const key of told) listener.hidden(key);
              listener.unread(kind, "forbidden");
            } else {
              watching.unheard = "not heard";
              if (!watching.listed) listener.unread(kind, "it could not be listed yet");
              listener.trouble(kind, event.error);
              if (this.#options.essential(kind)) break;
            }
            this.#settled(name);
            break;
        }
      }
      return "anew";
    } finally {
      clearTimeout(timer);
    }
  }

  /** Looks again which kinds there are and which are wanted: many changes come together, so a moment later. */
  refresh(): void {
    this.#kindsChanged ??= setTimeout(() => {
      this.#kindsChanged = undefined;
      this.#update().catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== "UserError") this.#failed(error);
        // the API server is away
        else if (!this.#options.signal.aborted) this.refresh();
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

/** @param key of a watch: "podinfo", or "flux-system/podinfo" */
function keyFrom({ group, kind }: ServedKind, key: string): string {
  const [first = "", second] = key.split("/");
  return second === undefined
    ? keyOf({ group, kind, namespace: "", name: first })
    : keyOf({ group, kind, namespace: first, name: second });
}

/** What Argo CD itself needs and a Role in its namespace may give. */
function isHomely({ group, kind }: ServedKind): boolean {
  return group === "argoproj.io" || (group === "" && (kind === "ConfigMap" || kind === "Secret"));
}
