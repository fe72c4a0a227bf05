import type { UserError } from "../../errors.js";
import { isForbidden, isNotServed } from "../../kube/failure.js";
import type { Kube } from "../../kube/kube.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { keyOf } from "../../kube/object-id.js";
import type { ServedKind } from "../../kube/served-kinds.js";
import type { Unknown } from "../unknown.js";

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

export interface KindWatchOptions {
  kube: Kube;
  signal: AbortSignal;
  /** kinds that are listed before all others, of which they tell what is needed; nothing is done before */
  essential(kind: { group: string; kind: string }): boolean;
  /** where kinds are watched that may not be read in all namespaces */
  home: string;
  listener: WatchListener;
  /** how often rights for all namespaces are looked for there; a minute when not given */
  tryWiderMs?: number;
  /** it has been listed once, or cannot be */
  onSettled(): void;
  /** the API server knows the kind no more, or not yet, which discovery should know better */
  onNotServed(): void;
  /** an object was told, or is gone */
  onChange(): void;
}

/** Watches one kind, where it may: in all namespaces, or in one's own. */
export class KindWatch {
  readonly #kind: ServedKind;
  readonly #options: KindWatchOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  /** `namespacedName()` of what was told to be there, by and by; also while it is hidden */
  readonly #emitted = new Set<string>();
  /** there was a complete list, of this namespace or (undefined) of all, and whatever came since was heard */
  #listed: { namespace: string | undefined } | undefined;
  /** why nothing is heard at the moment */
  #unavailable: "forbidden" | "not served" | "unavailable" | undefined;
  /** that it is not served, which nobody was told yet */
  #notServed: UserError | undefined;

  constructor(kind: ServedKind, options: KindWatchOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#signal = AbortSignal.any([this.#stop.signal, options.signal]);
  }

  /** The kind is not served any more, or nobody wants to see it: whether its objects are there is not known. */
  stop(): void {
    this.#stop.abort();
    this.#hide(this.#emitted);
  }

  /** Discovery has the kind, or fails, too: if the kind is not served, that is worth a word now. */
  tellNotServed(): void {
    const error = this.#notServed;
    this.#notServed = undefined;
    if (error && this.#unavailable === "not served") this.#lost(error);
  }

  /** See `WatchAll.unknownBecause()`. */
  unknownBecause(namespace: string | undefined): Unknown | undefined {
    if (this.#unavailable || !this.#listed) return this.#unavailable ?? "unavailable";
    const isWhole = this.#listed.namespace === undefined || this.#listed.namespace === namespace;
    return isWhole ? undefined : `only permitted in ${this.#listed.namespace}`;
  }

  /** Goes on until it is stopped; rejects with what only a bug can have caused. */
  async follow(): Promise<void> {
    let namespace: string | undefined;
    while (!this.#signal.aborted) {
      const next = await this.#listen(namespace);
      namespace = next === "narrower" ? this.#options.home : undefined;
    }
    if (this.#options.signal.aborted) return;
    const { listener } = this.#options;
    listener.unread(this.#kind, undefined);
    listener.trouble(this.#kind, undefined);
  }

  /** @returns how to go on: in one's own namespace only; or from the beginning, in all */
  async #listen(namespace: string | undefined): Promise<"narrower" | "anew"> {
    const { kube, tryWiderMs = 60_000 } = this.#options;
    /** told by an earlier try, and not again yet */
    const before = new Set(this.#emitted);
    // a Secret's values are never read
    const metadataOnly = this.#kind.group === "" && this.#kind.kind === "Secret";
    const wider = new AbortController();
    const timer = namespace === undefined ? undefined : setTimeout(() => wider.abort(), tryWiderMs);
    const signal = AbortSignal.any([this.#signal, wider.signal]);
    try {
      const wanted = { namespace, metadataOnly, signal };
      for await (const event of kube.watch<LiveObject>(this.#kind as Kind<LiveObject>, wanted)) {
        switch (event.type) {
          case "set":
            before.delete(event.key);
            this.#set(event.key, event.object);
            break;
          case "gone":
            before.delete(event.key);
            this.#gone(event.key);
            break;
          case "synced":
            this.#synced(namespace, before);
            before.clear();
            break;
          case "available":
            // what was hidden is not told anew: only a new list makes it known
            if (!this.#listed) return "anew";
            this.#unavailable = undefined;
            this.#options.listener.trouble(this.#kind, undefined);
            break;
          case "unavailable":
            // one's own namespace may be permitted
            if (isForbidden(event.error) && namespace === undefined && isHomely(this.#kind))
              return "narrower";
            if (isForbidden(event.error)) this.#forbidden();
            else if (isNotServed(event.error)) this.#unserved(event.error);
            else this.#lost(event.error);
            break;
        }
      }
      return "anew";
    } finally {
      clearTimeout(timer);
    }
  }

  #set(name: string, object: LiveObject): void {
    this.#emitted.add(name);
    this.#options.listener.set(object);
    this.#options.onChange();
  }

  #gone(name: string): void {
    this.#emitted.delete(name);
    this.#options.listener.gone(keyFrom(this.#kind, name));
    this.#options.onChange();
  }

  #hide(names: Iterable<string>): void {
    for (const name of names) this.#options.listener.hidden(keyFrom(this.#kind, name));
  }

  /** @param missing what was there before and is not in the list */
  #synced(namespace: string | undefined, missing: Iterable<string>): void {
    const { listener, home, onSettled } = this.#options;
    if (namespace !== undefined) this.#hide(missing);
    else for (const name of missing) if (this.#emitted.delete(name)) listener.gone(keyFrom(this.#kind, name));
    this.#listed = { namespace };
    this.#unavailable = undefined;
    listener.unread(this.#kind, namespace === undefined ? undefined : `only permitted in ${home}`);
    listener.trouble(this.#kind, undefined);
    onSettled();
  }

  #forbidden(): void {
    const { listener, onSettled } = this.#options;
    this.#unavailable = "forbidden";
    this.#listed = undefined;
    this.#hide(this.#emitted);
    listener.unread(this.#kind, "forbidden");
    // the API server answers
    listener.trouble(this.#kind, undefined);
    onSettled();
  }

  /** A CRD comes or goes: what is to be said of it is known when discovery has been asked. */
  #unserved(error: UserError): void {
    this.#unavailable = "not served";
    this.#notServed = error;
    this.#options.onNotServed();
  }

  #lost(error: UserError): void {
    const { listener, essential, onSettled } = this.#options;
    this.#unavailable = "unavailable";
    if (!this.#listed) listener.unread(this.#kind, "it could not be listed yet");
    listener.trouble(this.#kind, error);
    if (!essential(this.#kind)) onSettled();
  }
}

/** @param name of a watch: "podinfo", or "flux-system/podinfo" */
function keyFrom({ group, kind }: ServedKind, name: string): string {
  const [first = "", second] = name.split("/");
  return second === undefined
    ? keyOf({ group, kind, namespace: "", name: first })
    : keyOf({ group, kind, namespace: first, name: second });
}

/** What Argo CD itself needs and a Role in its namespace may give. */
function isHomely({ group, kind, namespaced }: ServedKind): boolean {
  const isNeeded = group === "argoproj.io" || (group === "" && (kind === "ConfigMap" || kind === "Secret"));
  return namespaced && isNeeded;
}
