import { isDeepStrictEqual } from "node:util";
import { Application } from "../../argo/application.js";
import type { ConfigMap } from "../../argo/tracking.js";
import { UserError } from "../../errors.js";
import { canI } from "../../kube/access-review.js";
import type { Kube } from "../../kube/reader.js";
import { inClusterServer } from "../../names.js";
import { type ArgoSettings, argoSettingsFrom, exclusionOn } from "../argo-settings.js";
import { Auto } from "../auto/auto.js";
import type { AutoSettings } from "../auto/known.js";
import type { AutoListener } from "../auto/listener.js";
import { groupKindOf, idOf, keyOf, type LiveObject } from "../live-object.js";
import { instanceName } from "../redis-entry.js";
import type { Asked } from "./answering.js";
import type { Metrics } from "./metrics.js";
import { ReleaseInventory } from "./release-inventory.js";
import { type Reported, Reporter, stateOf, type TreeStore } from "./reporter.js";
import { WatchAll } from "./watch-all.js";
import { WorkQueue } from "./work-queue.js";
import { appKeyOf, World } from "./world.js";

/** What happens, for people and machines. */
export interface EngineListener extends AutoListener {
  /** an Application was looked at, and something of it may have been written */
  reported(result: Reported): void;
  /** an Application is gone, or not flamingo's any more */
  dropped(key: string): void;
  /** an Application could not be reported; it is tried again */
  failed(key: string, error: UserError): void;
  /** what somebody asked of an Application was done, or begun, or refused: a sentence */
  answered(text: string): void;
  /** something about the whole that people should know, a sentence */
  remark(text: string): void;
}

export interface EngineOptions {
  kube: Kube;
  settings: ArgoSettings;
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
    group.endsWith(".fluxcd.io") ||
    (group === "" && kind === "ConfigMap") ||
    kind === "CustomResourceDefinition"
  );
}

const settingsNames = ["argocd-cm", "argocd-cmd-params-cm"];

/** An Application is written no more often than this. */
const spacingMs = 1000;
const atOnce = 8;

/** Keeps the Applications of one Argo CD true: watches everything, and reports each Application that a change concerns. */
export class Engine {
  readonly world: World;
  readonly #options: EngineOptions;
  readonly #watches: WatchAll;
  readonly #auto: Auto | undefined;
  #reporter: Reporter | undefined;
  readonly #queue: WorkQueue<string>;
  /** when the first change came that an Application does not show yet */
  readonly #changedAt = new Map<string, number>();
  readonly #failures = new Map<string, string>();
  readonly #lastAnswers = new Map<string, string>();
  readonly #lost = new Set<string>();
  /** kinds that are not heard at the moment */
  readonly #troubled = new Set<string>();

  constructor(options: EngineOptions) {
    this.#options = options;
    const { kube, settings, signal } = options;
    this.world = new World(settings);
    this.#queue = new WorkQueue({ work: (key) => this.#work(key), spacingMs, atOnce, tries: options.tries });
    this.#watches = new WatchAll({
      kube,
      signal,
      excluded: (kind) => !isNeeded(kind) && exclusionOn(this.world.settings, inClusterServer)(kind),
      essential: ({ group, kind }) => group === Application.group && kind === Application.kind,
      home: settings.namespace,
      listener: {
        set: (object) => {
          const before = this.#auto && this.world.live.get(keyOf(idOf(object)));
          this.#concern(this.world.set(object));
          this.#auto?.changed(before, object);
          this.#takeSettings(object);
        },
        gone: (key) => this.#gone(key),
        hidden: (key) => {
          this.#concern(this.world.hide(key));
          this.#auto?.concern(key);
        },
        unread: (kind, because) => {
          this.#concern(this.world.setUnread(kind, because));
          this.#auto?.concern(groupKindOf(kind));
        },
        trouble: (kind, error) => {
          this.#trouble(kind.kind, error);
          if (!error) this.#auto?.concern(groupKindOf(kind));
        },
      },
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
    await this.#untilOver(this.#watches.start());
    if (this.#watches.unknownBecause(Application, this.world.settings.namespace) === "forbidden") {
      const { namespace } = this.world.settings;
      throw new UserError(
        `Cannot report into the Argo CD in ${namespace}: its Applications may not be listed`,
        {
          hint: `Look at your rights: ${canI({ verb: "list", kind: Application })}`,
        },
      );
    }
    const { metrics } = this.#options;
    metrics.watched = () => ({
      kinds: this.#watches.size,
      objects: this.world.live.size,
      unread: this.world.unread.length,
    });
  }

  /** Reports every Application, then each one that a change concerns; resolves when all have been reported once. */
  async report(store: TreeStore): Promise<void> {
    const { kube } = this.#options;
    // what it creates is reported with the others
    await this.#untilOver(this.#auto?.begin() ?? Promise.resolve());
    const releases = new ReleaseInventory(kube, (kind) => this.#watches.isNamespaced(kind));
    this.#reporter = new Reporter({
      ...this.#options,
      store,
      releases,
      world: this.world,
      onAnswered: (key, asked, done) => this.#answered(key, asked, done),
    });
    this.#concern(this.world.applications.keys());
    await this.#untilOver(this.#queue.caughtUp());
  }

  /** Goes on until the signal is aborted. */
  async run(): Promise<void> {
    await this.#untilFailed(this.#aborted());
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.#auto?.stop();
    await this.#queue.stop();
  }

  /** The trees of these are to be written anew, as after redis forgot them. */
  rewrite(instances: Iterable<string>): void {
    const wanted = new Set(instances);
    const { namespace } = this.world.settings;
    this.#queue.retry();
    this.#concern(
      this.applications()
        .filter((application) => wanted.has(instanceName(application, namespace)))
        .map(appKeyOf),
    );
  }

  /** What Argo CD calls the Applications that flamingo speaks for. */
  instances(): string[] {
    return this.applications().map((application) => instanceName(application, this.world.settings.namespace));
  }

  /** Those that flamingo speaks for. */
  applications(): Application[] {
    return [...this.world.applications.values()].filter((application) => stateOf(application) === "ours");
  }

  #gone(key: string): void {
    this.#concern(this.world.gone(key));
    this.#auto?.concern(key);
  }

  #concern(keys: Iterable<string>): void {
    if (!this.#reporter) return;
    const now = performance.now();
    for (const key of keys) {
      if (!this.#changedAt.has(key)) this.#changedAt.set(key, now);
      this.#queue.add(key);
    }
  }

  /** Argo CD's ConfigMaps count as soon as they change. What cannot be read of them leaves everything as it was. */
  #takeSettings({ kind, apiVersion, metadata }: LiveObject): void {
    const { namespace } = this.world.settings;
    if (apiVersion !== "v1" || kind !== "ConfigMap" || metadata.namespace !== namespace) return;
    if (!settingsNames.includes(metadata.name)) return;
    const [cm, params] = settingsNames.map(
      (name) => this.world.live.get(keyOf({ group: "", kind, namespace, name })) as ConfigMap | undefined,
    );
    try {
      const settings = argoSettingsFrom(namespace, cm?.data, params?.data);
      if (isDeepStrictEqual(settings, this.world.settings)) return;
      this.world.settings = settings;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#options.listener.remark(error.message);
      return;
    }
    this.#watches.refresh();
    this.#concern(this.world.applications.keys());
  }

  /** An API server that is away is away for all kinds: said once, and once when all are heard again. */
  #trouble(kind: string, error: UserError | undefined): void {
    const { listener } = this.#options;
    const before = this.#troubled.size;
    if (error) this.#troubled.add(kind);
    else this.#troubled.delete(kind);
    if (error && before === 0)
      listener.remark(`${error.message}; what is shown may be old until it is heard again`);
    if (error || before === 0 || this.#troubled.size > 0) return;
    listener.remark("All kinds are heard again");
    this.#queue.retry();
  }

  async #work(key: string): Promise<"done" | "later"> {
    const { listener, metrics } = this.#options;
    const since = this.#changedAt.get(key);
    this.#changedAt.delete(key);
    this.#tellLoss(key);
    try {
      const result = await this.#reporter?.report(key);
      this.#failures.delete(key);
      if (!result) {
        listener.dropped(key);
        return "done";
      }
      if (result.wrote.status) metrics.writes.status++;
      if (result.wrote.tree) metrics.writes.tree++;
      if (since !== undefined && (result.wrote.status || result.wrote.tree))
        metrics.observeLag((performance.now() - since) / 1000);
      listener.reported(result);
      return "done";
    } catch (error) {
      if (this.#options.signal.aborted) return "done";
      if (!(error instanceof UserError)) throw error;
      metrics.errors++;
      if (since !== undefined && !this.#changedAt.has(key)) this.#changedAt.set(key, since);
      // the same again and again is said once
      if (this.#failures.get(key) !== error.message) listener.failed(key, error);
      this.#failures.set(key, error.message);
      return "later";
    }
  }

  #answered(key: string, asked: Asked, done: readonly string[]): void {
    const { listener, metrics } = this.#options;
    const text = done.join("; ");
    // what is waited for is looked at again and again
    if (text === "" || this.#lastAnswers.get(key) === text) return;
    this.#lastAnswers.set(key, text);
    metrics.answers[asked] = (metrics.answers[asked] ?? 0) + 1;
    for (const line of done) listener.answered(line);
  }

  /** An Application of ours whose annotation was taken away is Argo CD's own: nothing is written, and that is said. */
  #tellLoss(key: string): void {
    const application = this.world.applications.get(key);
    const isLost = application !== undefined && stateOf(application) === "lost";
    if (isLost && !this.#lost.has(key)) {
      this.#lost.add(key);
      this.#options.listener.remark(
        `Application ${key} has lost argocd.argoproj.io/skip-reconcile: Argo CD reconciles it by itself now, and flamingo leaves it alone`,
      );
    }
    if (!isLost) this.#lost.delete(key);
  }

  /** Whatever is not done when the signal is aborted never will be. */
  #untilOver<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#options;
    const aborted = this.#aborted().then(() => {
      throw signal.reason;
    });
    return this.#untilFailed(Promise.race([work, aborted]));
  }

  #aborted(): Promise<void> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #untilFailed<T>(work: Promise<T>): Promise<T> {
    const failures = [
      this.#watches.failure,
      this.#queue.failure,
      ...(this.#auto ? [this.#auto.failure] : []),
    ];
    return Promise.race([work, ...failures]);
  }
}
