import { isDeepStrictEqual } from "node:util";
import { aborted } from "../../abort.js";
import { appInfoOf } from "../../argo/app-info.js";
import { Application } from "../../argo/application.js";
import { loopbackStateOf } from "../../argo/generated.js";
import { type ArgoSettings, exclusionOn, isSettings, unreadableIn } from "../../argo/settings.js";
import { isInShard, type Shard } from "../../argo/shard.js";
import { newerThanKnown } from "../../argo/versions.js";
import { breathe } from "../../breathe.js";
import { bugError, UserError } from "../../errors.js";
import { isFluxGroup } from "../../flux/groups.js";
import { canI } from "../../kube/access-review.js";
import { ConfigMap } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, idOf, keyOf, namespacedName, renderId } from "../../kube/object-id.js";
import { inClusterServer } from "../../names.js";
import { Auto } from "../auto/auto.js";
import type { AutoSettings } from "../auto/known.js";
import { applicationOf, instanceName } from "../redis/entry.js";
import { knownArgoSettings } from "./argo-config.js";
import { Emitter, type EngineListener } from "./emitter.js";
import { EventWriter } from "./event-writer.js";
import type { Metrics } from "./metrics.js";
import { OwnClusterWatch } from "./own-cluster-watch.js";
import { ReleaseInventory } from "./release-inventory.js";
import { Reporter, type TreeStore } from "./reporter.js";
import { WatchAll } from "./watch-all.js";
import { WorkQueue } from "./work-queue.js";
import { World } from "./world.js";

export interface EngineOptions {
  kube: Kube;
  settings: ArgoSettings;
  /** which of the Applications are reported */
  shard: Shard;
  dryRun: boolean;
  /** how often an Application that cannot be reported is tried; without end when not given */
  tries?: number | undefined;
  now(): Date;
  /** ends it */
  signal: AbortSignal;
  metrics: Metrics;
  listener: EngineListener;
  /** creates and deletes Applications, too */
  auto?: AutoSettings | undefined;
}

/** Whatever Argo CD is told to leave out, flamingo itself needs these. */
function isNeeded({ group, kind }: { group: string; kind: string }): boolean {
  return (
    group === "argoproj.io" ||
    isFluxGroup(group) ||
    (group === "" && kind === "ConfigMap") ||
    kind === "CustomResourceDefinition"
  );
}

/** An Application is written no more often than this. */
const spacingMs = 1000;
const atOnce = 8;
/** Flux writes its conditions some milliseconds before the rest. */
const settleMs = 2000;

/** Keeps the Applications of one Argo CD true, or a shard of them: watches everything, and reports each Application that a change concerns. */
export class Engine {
  readonly world: World;
  readonly #options: EngineOptions;
  readonly #watches: WatchAll;
  readonly #ownCluster: OwnClusterWatch;
  readonly #auto: Auto | undefined;
  #reporter: Reporter | undefined;
  readonly #queue: WorkQueue<string>;
  /** when the first change came that an Application does not show yet */
  readonly #changedAt = new Map<string, number>();
  readonly #emitter: Emitter;
  readonly #events: EventWriter;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { kube, settings, signal } = options;
    this.world = new World(settings, options.shard);
    this.#emitter = new Emitter(options);
    this.#events = new EventWriter({ ...options, world: this.world });
    this.#queue = new WorkQueue({ work: (key) => this.#work(key), spacingMs, atOnce, tries: options.tries });
    this.#watches = new WatchAll({
      kube,
      signal,
      excluded: (kind) => !isNeeded(kind) && exclusionOn(this.world.settings, inClusterServer)(kind),
      essential: ({ group, kind }) => group === Application.group && kind === Application.kind,
      home: settings.namespace,
      listener: {
        set: (object) => this.#set(object),
        gone: (key) => this.#gone(key),
        hidden: (key) => {
          this.#concern(this.world.hide(key));
          this.#auto?.concern(key);
        },
        unread: (kind, because) => {
          this.#concern(this.world.setUnread(kind, because));
          this.#auto?.concern(groupKindOf(kind));
          if (groupKindOf(kind) === groupKindOf(ConfigMap)) this.#takeSettings();
        },
        trouble: (kind, error) => {
          if (this.#emitter.trouble(kind, error) === "over") this.#queue.retry();
          if (!error) this.#auto?.concern(groupKindOf(kind));
        },
      },
    });
    this.#ownCluster = new OwnClusterWatch({
      ...{ kube, signal, namespace: settings.namespace },
      onKnown: (cluster, unknownBecause) => this.#concern(this.world.setCluster(cluster, unknownBecause)),
    });
    this.#auto = options.auto && this.#autoFor(options.auto);
  }

  #autoFor(settings: AutoSettings): Auto {
    const { applications, workloads, sources, live } = this.world;
    return new Auto({
      ...this.#options,
      settings,
      known: {
        applications,
        workloads,
        sources,
        live,
        unknownBecause: (kind, namespace) => this.#watches.unknownBecause(kind, namespace),
      },
      set: (object) => this.#concern(this.world.set(object)),
      gone: (key) => this.#gone(key),
    });
  }

  /** Reads everything once: from then on it is known what there is. */
  async read(): Promise<void> {
    await this.#untilOver(Promise.all([this.#watches.start(), this.#ownCluster.start()]));
    if (this.#watches.unknownBecause(Application, this.world.settings.namespace) === "forbidden") {
      const { namespace } = this.world.settings;
      throw new UserError(
        `Cannot report into the Argo CD in ${namespace}: its Applications may not be listed`,
        {
          hint: `Look at your rights: ${canI({ verb: "list", kind: Application, namespace })}`,
        },
      );
    }
    const { metrics } = this.#options;
    this.#remarkOnSettings();
    this.#remarkOnRelease();
    metrics.watched = () => ({
      kinds: this.#watches.size,
      objects: this.world.live.size,
      unread: this.world.unread.length,
    });
  }

  /** Reports every Application of the shard, then each one that a change concerns; resolves when all have been reported once. */
  async report(store: TreeStore): Promise<void> {
    const { kube } = this.#options;
    // what it creates is reported with the others
    await this.#untilOver(this.#auto?.begin() ?? Promise.resolve());
    const releases = new ReleaseInventory(kube, (kind) => this.#watches.isNamespaced(kind));
    this.#reporter = new Reporter({
      ...this.#options,
      store,
      releases,
      kindOf: (kind) => this.#watches.kindOf(kind),
      events: this.#events,
      world: this.world,
      // of one pass there is no later look
      settleMs: this.#options.tries === undefined ? settleMs : 0,
      onAnswered: (key, asked, done) => this.#emitter.answered(key, asked, done),
    });
    this.#concern(this.world.applications.keys());
    await this.#untilOver(this.#queue.caughtUp());
  }

  /** Goes on until the signal is aborted. */
  async run(): Promise<void> {
    await this.#untilFailed(aborted(this.#options.signal));
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.#auto?.stop();
    await this.#queue.stop();
    await this.#events.idle();
  }

  /** The trees of these are to be written anew, as after redis forgot them. */
  rewrite(instances: Iterable<string>): void {
    const wanted = new Set(instances);
    const { namespace } = this.world.settings;
    this.#queue.retry();
    this.#concern(
      this.applications()
        .filter((application) => wanted.has(instanceName(application, namespace)))
        .map(({ metadata }) => namespacedName(metadata)),
    );
  }

  /** What Argo CD calls those that flamingo speaks for here. */
  instances(): string[] {
    return this.applications().map((application) => instanceName(application, this.world.settings.namespace));
  }

  /** Whether an Application is, or was, to be reported here. @param instance what Argo CD calls it */
  isOurs(instance: string): boolean {
    return isInShard(applicationOf(instance, this.world.settings.namespace), this.#options.shard);
  }

  /** Those that flamingo speaks for here. */
  applications(): Application[] {
    return [...this.world.applications.keys()]
      .filter((key) => isInShard(key, this.#options.shard))
      .flatMap((key) => this.world.admitted(key) ?? [])
      .filter((application) => loopbackStateOf(application) === "ours");
  }

  /** Labels of `argocd_app_info`, of each that flamingo speaks for. */
  *appInfos(): Generator<Record<string, string>> {
    const { cluster, release } = this.world;
    for (const application of this.applications())
      yield appInfoOf(application, { release, ownName: cluster.name });
  }

  /** One object of which nothing can be made is left out: all others count as before. */
  #set(object: LiveObject): void {
    const { release } = this.world;
    try {
      const before = this.#auto && this.world.live.get(keyOf(idOf(object)));
      this.#concern(this.world.set(object));
      this.#auto?.changed(before, object);
    } catch (error) {
      this.#options.metrics.bugs++;
      this.#concern(this.world.leaveOut(object));
      this.#emitter.leftOut(object, bugError(`take in ${renderId(idOf(object))}`, error));
    }
    if (isSettings(object)) this.#takeSettings();
    if (this.#reporter && release !== this.world.release) this.#remarkOnRelease();
  }

  #gone(key: string): void {
    const known = this.world.live.get(key);
    this.#concern(this.world.gone(key));
    this.#auto?.concern(key);
    if (known && isSettings(known)) this.#takeSettings();
  }

  #concern(keys: Iterable<string>): void {
    if (!this.#reporter) return;
    const now = performance.now();
    for (const key of keys) {
      if (!isInShard(key, this.#options.shard)) continue;
      if (!this.#changedAt.has(key)) this.#changedAt.set(key, now);
      this.#queue.add(key);
    }
  }

  /**
   * Argo CD's ConfigMaps count as soon as they change. What cannot be read of them, or while they cannot be read, leaves
   * everything as it was.
   */
  #takeSettings(): void {
    const { world } = this;
    if (this.#watches.unknownBecause(ConfigMap, world.settings.namespace)) return;
    try {
      const settings = knownArgoSettings(world.live, world.settings.namespace);
      if (isDeepStrictEqual(settings, world.settings)) return;
      world.settings = settings;
      this.#remarkOnSettings();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#options.listener.remark(error.message);
      return;
    }
    this.#watches.refresh();
    this.#concern(world.applications.keys());
  }

  #remarkOnSettings(): void {
    for (const text of unreadableIn(this.world.settings)) this.#options.listener.remark(text);
  }

  #remarkOnRelease(): void {
    const { release } = this.world;
    const newer = release === undefined ? undefined : newerThanKnown(release);
    if (newer !== undefined) this.#options.listener.remark(newer);
  }

  async #work(key: string): Promise<"done" | "later"> {
    const { listener, metrics } = this.#options;
    // of many that are as they were nothing is written, and so nothing waited for
    await breathe();
    const since = this.#changedAt.get(key);
    this.#changedAt.delete(key);
    this.#emitter.looksAt(key, this.world.admitted(key));
    try {
      const result = await this.#reporter?.report(key);
      this.#emitter.succeeded(key);
      if (!result) {
        listener.dropped(key);
        return "done";
      }
      if (result.lookAgainMs !== undefined)
        setTimeout(() => this.#concern([key]), result.lookAgainMs).unref();
      if (result.wrote.status) metrics.writes.status++;
      if (result.wrote.tree) metrics.writes.tree++;
      if (since !== undefined && (result.wrote.status || result.wrote.tree))
        metrics.observeLag((performance.now() - since) / 1000);
      listener.reported(result);
      return "done";
    } catch (error) {
      if (this.#options.signal.aborted) return "done";
      if (since !== undefined && !this.#changedAt.has(key)) this.#changedAt.set(key, since);
      if (error instanceof UserError) {
        metrics.errors++;
        this.#emitter.failed(key, error);
      } else {
        metrics.bugs++;
        this.#emitter.failed(key, bugError(`report the Application ${key}`, error));
        await this.#reporter?.admit(key);
      }
      return "later";
    }
  }

  /** Whatever is not done when the signal is aborted never will be. */
  #untilOver<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#options;
    const over = aborted(signal).then(() => {
      throw signal.reason;
    });
    return this.#untilFailed(Promise.race([work, over]));
  }

  #untilFailed<T>(work: Promise<T>): Promise<T> {
    const failures = [
      this.#watches.failure,
      this.#ownCluster.failure,
      this.#queue.failure,
      ...(this.#auto ? [this.#auto.failure] : []),
    ];
    return Promise.race([work, ...failures]);
  }
}
