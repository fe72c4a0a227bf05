import { isDeepStrictEqual } from "node:util";
import { Application } from "../../argo/application.js";
import { sourceKinds } from "../../flux/sources.js";
import { workloadKinds } from "../../flux/workload.js";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, idOf, keyOf } from "../../kube/object-id.js";
import { failing } from "../failing.js";
import { type AutoPlan, autoPlan } from "./auto-plan.js";
import { AutoEmitter } from "./emitter.js";
import type { AutoSettings } from "./known.js";
import { PlanApplier, type PlanApplierOptions } from "./plan-applier.js";

export interface AutoOptions extends PlanApplierOptions {
  settings: AutoSettings;
  /** only tells what it would do */
  dryRun: boolean;
}

/** Many changes come together, and some are taken back at once: a workload that is deleted and created anew. */
const settleMs = 1000;

const ofInterest = new Set(
  [Application, ...Object.values(workloadKinds), ...Object.values(sourceKinds)].map(groupKindOf),
);

/**
 * Creates Applications for workloads that have none, and deletes its own again when their workloads are gone: at the beginning,
 * and a moment after each change.
 */
export class Auto {
  readonly #options: AutoOptions;
  readonly #applier: PlanApplier;
  readonly #emitter: AutoEmitter;
  readonly #stop = new AbortController();
  #timer: { due: number; handle: NodeJS.Timeout } | undefined;
  #current: Promise<void> | undefined;
  #isPassing = false;
  /** something has changed since the pass that is under way looked */
  #isNews = false;
  readonly #bug = failing();
  /** Rejects with what only a bug can have caused. */
  readonly failure = this.#bug.failure;

  constructor(options: AutoOptions) {
    this.#options = options;
    const signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#applier = new PlanApplier({ ...options, signal });
    this.#emitter = new AutoEmitter(options.listener, options.settings.namespace);
  }

  /** Resolves when everything was tried once. */
  begin(): Promise<void> {
    this.#current = this.#pass(true);
    return this.#current;
  }

  /** An object has come or changed. Most changes are of a status, which makes no other plan. */
  changed(before: LiveObject | undefined, after: LiveObject): void {
    const what = keyOf(idOf(after));
    if (isOfInterest(what) && !(before && isSamePlan(before, after))) this.concern(what);
  }

  /**
   * Something has gone, or a kind is known again. Before the beginning that means nothing.
   *
   * @param what of `keyOf()` or `groupKindOf()`, which begin with the same
   */
  concern(what: string): void {
    if (this.#current === undefined || !isOfInterest(what)) return;
    if (this.#isPassing) this.#isNews = true;
    else this.#passIn(settleMs);
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer?.handle);
    // how it ended is told by `failure`
    await this.#current?.catch(() => {});
  }

  /** The first change counts: those that follow it do not put it off. */
  #passIn(ms: number): void {
    const due = performance.now() + ms;
    if (this.#stop.signal.aborted || (this.#timer && this.#timer.due <= due)) return;
    clearTimeout(this.#timer?.handle);
    const handle = setTimeout(() => {
      this.#timer = undefined;
      this.#current = this.#pass(false);
      this.#current.catch(this.#bug.fail);
    }, ms);
    this.#timer = { due, handle };
  }

  async #pass(isFirst: boolean): Promise<void> {
    this.#isPassing = true;
    this.#isNews = false;
    const { retries } = this.#applier;
    const { create, remove } = await this.#bringAbout(isFirst);
    retries.keepOnly(new Set([...create, ...remove].map(({ application }) => application.metadata.name)));
    this.#isPassing = false;
    if (this.#isNews) this.#passIn(settleMs);
    if (retries.nextMs !== undefined) this.#passIn(retries.nextMs);
  }

  /** @returns what was planned */
  async #bringAbout(isFirst: boolean): Promise<AutoPlan> {
    const { known, settings, dryRun } = this.#options;
    const plan = autoPlan(known, settings);
    if (dryRun) {
      this.#emitter.undone(plan, isFirst);
      this.#emitter.planned(plan);
      return plan;
    }
    await this.#applier.remove(plan.remove);
    // what is gone may have left its name to others
    const next = plan.remove.length === 0 ? plan : autoPlan(known, settings);
    this.#emitter.undone(next, isFirst);
    this.#emitter.warnings(await this.#applier.create(next.create));
    return next;
  }
}

function isOfInterest(what: string): boolean {
  return ofInterest.has(what.split("/", 2).join("/"));
}

function isSamePlan(before: LiveObject, after: LiveObject): boolean {
  const parts = (object: LiveObject) => {
    const { uid, labels, annotations, deletionTimestamp } = object.metadata;
    return [uid, labels, annotations, deletionTimestamp, (object as LiveObject & { spec?: object }).spec];
  };
  return isDeepStrictEqual(parts(before), parts(after));
}
