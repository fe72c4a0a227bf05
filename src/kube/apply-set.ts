import { ExitCode, UserError } from "../errors.js";
import { type ApplyOutcome, compareApplied, contentOf, predictApplied } from "./apply-outcome.js";
import { concurrently } from "./concurrently.js";
import { CustomResourceDefinition } from "./kinds.js";
import { kstatusOf } from "./kstatus.js";
import type { Kube } from "./kube.js";
import type { Kind, KubeObject } from "./object.js";
import { groupKindOf, idOf, isOfKind, renderId, versionOf } from "./object-id.js";
import type { WaitTarget } from "./wait.js";

export interface ToApply {
  object: KubeObject;
  /** looked up when not given */
  kind?: Kind;
  /** the object that is there, null when there is none; read when not given */
  before?: KubeObject | null;
  /** take over fields of this object that other managers own, or not; as for all when not given */
  force?: boolean;
}

/** What became of one item. */
export type SetResult<T extends ToApply = ToApply> =
  | {
      item: T;
      outcome: ApplyOutcome;
      kind: Kind;
      /** the object that was there, null when there was none */
      before: KubeObject | null;
      /** as the API server then holds it, or would; after a client's dry run as it was to be applied */
      object: KubeObject;
    }
  | { item: T | UserError; outcome: "failed"; error: UserError }
  /** the signal was aborted before it was sent, or something of an earlier stage had failed */
  | { item: T | UserError; outcome: "unsent" }
  /** the signal was aborted before there was an answer: nobody knows whether it had arrived */
  | { item: T; outcome: "under way"; error: unknown };

export interface ApplySetOptions {
  fieldManager: string;
  /** take over fields that other managers own */
  force?: boolean;
  /** "client" only reads, and predicts; "server" has the API server say what it would do */
  dryRun?: "client" | "server" | undefined;
  signal: AbortSignal;
  /** what of an object counts when it is compared with what it was; what people write when not given */
  contentOf?(object: KubeObject): object;
  /** how long a stage may take to become Current; a minute when not given */
  readyWithinMs?: number;
}

/** The fastest that was measured against a local API server; more only queue there. */
const atOnce = 16;

/**
 * Applies objects of any kind, several at a time; results come in the order of the objects. All of one stage must be Current
 * before the next begins: CRDs are established then. After a stage in which something failed nothing more is sent. An item that
 * is a UserError, the reason why an object could not be made, keeps its place among the results as failed.
 *
 * Two requests an object, GET and PATCH: only what it was before tells whether it was configured or is unchanged. There is no
 * GET where `before` is given, and no PATCH in a client's dry run. Two requests more, once, find out what the cluster serves
 * when a kind is neither given nor brought by a CRD of an earlier stage.
 *
 * @throws NotReadyError when a stage does not become Current
 */
export async function* applySet<T extends ToApply>(
  kube: Kube,
  stages: readonly Iterable<T | UserError>[],
  options: ApplySetOptions,
): AsyncGenerator<SetResult<T>> {
  const kinds = new KindFinder(kube);
  let hasFailed = false;
  for (const [index, stage] of stages.entries()) {
    const isHeld = hasFailed;
    const isLast = index === stages.length - 1;
    const unready: WaitTarget[] = [];
    const results = concurrently(stage, atOnce, async (item): Promise<SetResult<T>> => {
      if (isHeld || options.signal.aborted) return { item, outcome: "unsent" };
      if (item instanceof UserError) return { item, outcome: "failed", error: item };
      return applyItem(kube, kinds, item, options);
    });
    for await (const result of results) {
      if (result.outcome === "failed") hasFailed = true;
      if ("object" in result && !isLast) {
        const { object, kind } = result;
        kinds.learn(object);
        if (kstatusOf(object).status !== "Current") unready.push({ ...object.metadata, kind });
      }
      yield result;
    }
    if (!isLast && !hasFailed && !options.dryRun) await waitForStage(kube, unready, options);
  }
}

async function waitForStage(
  kube: Kube,
  unready: readonly WaitTarget[],
  { signal, readyWithinMs: timeoutMs = 60_000 }: ApplySetOptions,
): Promise<void> {
  if (unready.length === 0) return;
  // loaded here: a set of one stage waits for nothing
  const { waitUntilReady } = await import("./wait.js");
  await waitUntilReady(kube, unready, { timeoutMs, signal }).catch((error) => {
    // what follows is told to be unsent
    if (!signal.aborted) throw error;
  });
}

async function applyItem<T extends ToApply>(
  kube: Kube,
  kinds: KindFinder,
  item: T,
  { fieldManager, dryRun, signal, contentOf: content = contentOf, ...all }: ApplySetOptions,
): Promise<SetResult<T>> {
  const { object, force = all.force ?? false } = item;
  let isSent = false;
  try {
    const kind = item.kind ?? (await kinds.of(object));
    const before = item.before === undefined ? await find(kube, kind, object, dryRun) : item.before;
    const old = before && content(before);
    if (dryRun === "client") {
      return { item, outcome: predictApplied(old, content(object)), kind, before, object };
    }
    if (signal.aborted) return { item, outcome: "unsent" };
    isSent = true;
    const after = await kube.apply(kind, object, { fieldManager, force, dryRun: dryRun === "server" });
    return { item, outcome: compareApplied(old, content(after)), kind, before, object: after };
  } catch (error) {
    if (signal.aborted) return isSent ? { item, outcome: "under way", error } : { item, outcome: "unsent" };
    if (!(error instanceof UserError)) throw error;
    return { item, outcome: "failed", error };
  }
}

/** In the version in which it is to be applied. */
async function find(
  kube: Kube,
  kind: Kind,
  { apiVersion, metadata }: KubeObject,
  dryRun: ApplySetOptions["dryRun"],
): Promise<KubeObject | null> {
  try {
    return (await kube.find({ ...kind, version: versionOf(apiVersion) }, metadata)) ?? null;
  } catch (error) {
    // its CRD would come with the same set
    if (dryRun === "client" && error instanceof UserError && error.exitCode === ExitCode.notServed)
      return null;
    throw error;
  }
}

/** Finds out of which kinds objects are. */
class KindFinder {
  readonly #kube: Kube;
  readonly #brought = new Map<string, Kind>();
  #served: Promise<Map<string, Kind>> | undefined;

  constructor(kube: Kube) {
    this.#kube = kube;
  }

  /** If it is a CRD, its kind is known from now on: API servers serve it before their discovery tells of it. */
  learn(object: KubeObject): void {
    if (!isOfKind(object, CustomResourceDefinition)) return;
    const { group, names } = (object as CustomResourceDefinition).spec;
    const { kind, plural } = names;
    this.#brought.set(groupKindOf({ group, kind }), { group, kind, plural });
  }

  async of(object: KubeObject): Promise<Kind> {
    const id = idOf(object);
    const key = groupKindOf(id);
    const brought = this.#brought.get(key);
    if (brought) return brought;
    this.#served ??= this.#readServed();
    const served = (await this.#served).get(key);
    if (served) return served;
    throw new UserError(
      `Cannot apply ${renderId(id)}: ${this.#kube.server} does not serve ${id.kind} of ${object.apiVersion}`,
      { hint: "Install its CRD first, or choose another --context", exitCode: ExitCode.notServed },
    );
  }

  async #readServed(): Promise<Map<string, Kind>> {
    // loaded here: who names the kind of each object needs no look
    const { servedKinds } = await import("./served-kinds.js");
    return new Map((await servedKinds(this.#kube)).map((kind) => [groupKindOf(kind), kind]));
  }
}
