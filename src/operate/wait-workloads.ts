import { setTimeout } from "node:timers/promises";
import { isAbort } from "../abort.js";
import { UserError } from "../errors.js";
import { verdictOf } from "../flux/state.js";
import type { FluxWorkload, Workload } from "../flux/workload.js";
import { concurrently } from "../kube/concurrently.js";
import type { Kube } from "../kube/kube.js";
import { keyOf, renderId } from "../kube/object-id.js";
import { type ServedKind, servedKinds } from "../kube/served-kinds.js";
import { FluxView, widthFor } from "./flux-view.js";
import { HealthBelow, type Ill, illAmong, targetsBelow } from "./health-below.js";
import { podReason } from "./pod-reason.js";
import type { WaitWish } from "./wait-step.js";
import { type WaitTask, type WaitTaskStep, waitTaskFor, waitTaskStep } from "./wait-task.js";

/** What became of a workload. The message is Flux's; "late" is what was given up, and goes on after "it". */
export type WaitResult = { workload: Workload } & (
  | { is: "done"; message: string }
  | { is: "failed"; error: UserError }
  | { is: "late"; because: string; hint: string | undefined }
);

export interface WaitOptions {
  wish: WaitWish;
  /** all namespaces may be read at once */
  everywhere: boolean;
  /** gives up: at the deadline, or because somebody has stopped the command */
  signal: AbortSignal;
  /** what is late is looked at for so long after the deadline */
  lastLookMs: number;
  /** told what keeps each that is not there yet: "Kustomization web in apps is being reconciled" */
  onProgress(open: readonly string[]): void;
}

/** Workloads that are waited for, side by side, by one watch for each kind of Flux. */
export class WaitForWorkloads {
  readonly #kube: Kube;
  readonly #options: WaitOptions;
  readonly #view: FluxView<WaitTask>;
  readonly #end = new AbortController();
  /** what is not there yet */
  readonly #open: Set<WaitTask>;
  #served: Promise<readonly ServedKind[]> | undefined;

  constructor(kube: Kube, workloads: readonly Workload[], options: WaitOptions) {
    const { signal, everywhere } = options;
    signal.addEventListener("abort", () => this.#end.abort(), { once: true });
    if (signal.aborted) this.#end.abort();
    this.#kube = kube;
    this.#options = options;
    this.#view = new FluxView(kube, widthFor(workloads, everywhere), this.#end.signal);
    this.#open = new Set(workloads.map(waitTaskFor));
  }

  /** Tells of each workload what became of it as soon as it is known; at the end of those that were given up. */
  async *results(): AsyncGenerator<WaitResult> {
    try {
      yield* this.#round(this.#open);
      if (this.#open.size > 0) yield* this.#follow();
      if (this.#open.size > 0 && !isAbort(this.#options.signal.reason)) throw this.#options.signal.reason;
      yield* concurrently(this.#open, 8, (task) => this.#lateness(task));
    } finally {
      this.#end.abort();
    }
  }

  async *#follow(): AsyncGenerator<WaitResult> {
    for await (const tasks of this.#view.news()) {
      yield* this.#round(tasks);
      if (this.#open.size === 0) return;
      this.#options.onProgress(
        [...this.#open].map(({ workload, because }) => `${renderId(workload)} ${because}`),
      );
    }
  }

  *#round(tasks: Iterable<WaitTask>): Generator<WaitResult> {
    for (const task of tasks) {
      if (!this.#open.has(task)) continue;
      const { workload } = task;
      const step = this.#stepOf(task);
      if (step.is === "waiting") {
        Object.assign(task, { because: step.because, hint: step.hint });
        continue;
      }
      this.#open.delete(task);
      task.below?.stop();
      yield step.is === "ready"
        ? { workload, is: "done", message: step.message }
        : { workload, is: "failed", error: step.error };
    }
  }

  #stepOf(task: WaitTask): WaitTaskStep {
    const { wish } = this.#options;
    const step = waitTaskStep(task, this.#view, wish);
    const workload = step.is === "ready" && wish.until === "healthy" ? step.workload : undefined;
    if (task.below && versionOf(task.below.of) !== versionOf(workload)) {
      task.below.stop();
      task.below = undefined;
    }
    if (!workload) return step;
    task.below ??= new HealthBelow(this.#kube, workload, this.#kinds(), {
      signal: this.#end.signal,
      onNews: () => this.#view.touch(task.id),
    });
    const { state } = task.below;
    switch (state.is) {
      case "healthy":
        return step;
      case "failed":
        return state;
      case "ill":
        return { is: "waiting", because: `is ready, and ${state.ill.text}` };
      case "unread":
        return { is: "waiting", because: "is ready, and what it applied is being read" };
    }
  }

  /** All kinds of the cluster, found out once. */
  #kinds(): Promise<readonly ServedKind[]> {
    this.#served ??= servedKinds(this.#kube);
    return this.#served;
  }

  async #lateness(task: WaitTask): Promise<WaitResult> {
    const { workload, because, hint, id } = task;
    const trouble = this.#view.troubleWith(id);
    const parts = [trouble ? `${because} (out of date: ${trouble.message})` : because];
    // a kubelet that does not answer must not keep what is known from being said
    const lastLook = setTimeout(this.#options.lastLookMs, undefined, { ref: false });
    parts.push(...((await Promise.race([this.#reasonsFor(task), lastLook])) ?? []));
    return { workload, is: "late", because: parts.join("; "), hint };
  }

  /** What it applied that is not healthy, as far as that was not said, and what keeps the Pods of it. */
  async #reasonsFor({ below, id }: WaitTask): Promise<string[]> {
    try {
      const known = below?.state.is === "ill" ? below.state.ill : undefined;
      const ill =
        known ?? (await this.#illBelow(this.#view.objects.get(keyOf(id)) as FluxWorkload | undefined));
      if (!ill) return [];
      const reason = await podReason(this.#kube, ill.target);
      return [...(known ? [] : [ill.text]), ...(reason === undefined ? [] : [reason])];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  }

  /** What Flux itself waits for, while it checks the health of what it applied. */
  async #illBelow(workload: FluxWorkload | undefined): Promise<Ill | undefined> {
    if (!workload || !["reconciling", "failed"].includes(verdictOf(workload).is)) return undefined;
    const [ill] = await illAmong(this.#kube, await targetsBelow(this.#kube, workload, await this.#kinds()));
    return ill;
  }
}

function versionOf(workload: FluxWorkload | undefined): string | undefined {
  return workload?.metadata.resourceVersion;
}
