import { UserError } from "../errors.js";
import { askedWith } from "../flux/reply.js";
import { isFetched, type SourceChain } from "../flux/source-chain.js";
import { idleBecause } from "../flux/suspension.js";
import { askableKind, type Workload } from "../flux/workload.js";
import { concurrently } from "../kube/concurrently.js";
import { isConflict, isMissing } from "../kube/failure.js";
import type { Kube } from "../kube/kube.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, type ObjectId, renderId } from "../kube/object-id.js";
import { fieldManager } from "../names.js";
import { FluxView, widthFor } from "./flux-view.js";
import {
  type OwnRequest,
  type ReconcileTask,
  requestAt,
  stepOf,
  type TaskStep,
  taskFor,
} from "./reconcile-task.js";
import { type ReconcileWish, requestFor } from "./reconciliation.js";

/** What became of a workload. The message is Flux's, undefined where it was only asked; "unfinished" is what was given up. */
export type ReconcileResult = { workload: Workload } & (
  | { is: "done"; message: string | undefined }
  | { is: "failed"; error: UserError }
  | { is: "unfinished"; because: string; trouble: UserError | undefined }
);

export interface ReconcileOptions {
  wish: ReconcileWish;
  /** all namespaces may be read at once */
  everywhere: boolean;
  /** gives up */
  signal: AbortSignal;
  now(): Date;
  /** told each source, once, that stays as it is: "GitRepository src in apps is suspended and is not fetched" */
  onRemark(text: string): void;
  /** told how many are not done yet, and what keeps the first of them: "Kustomization web in apps waits for …" */
  onProgress(left: number, first: string): void;
}

const atOnce = 16;

/** Workloads that Flux is asked to reconcile, side by side, by one watch for each kind. */
export class Reconciliation {
  readonly #kube: Kube;
  readonly #options: ReconcileOptions;
  readonly #view: FluxView<ReconcileTask>;
  readonly #end = new AbortController();
  /** what is not done yet */
  readonly #open: Set<ReconcileTask>;
  /** objects that may not be asked, by key */
  readonly #refused = new Map<string, UserError>();
  readonly #asked = new Map<string, ObjectId>();
  readonly #remarks = new Set<string>();

  constructor(kube: Kube, workloads: readonly Workload[], options: ReconcileOptions) {
    const { signal, now, everywhere } = options;
    signal.addEventListener("abort", () => this.#end.abort(), { once: true });
    if (signal.aborted) this.#end.abort();
    this.#kube = kube;
    this.#options = options;
    this.#view = new FluxView(kube, widthFor(workloads, everywhere), this.#end.signal);
    const request = requestAt(now());
    this.#open = new Set(workloads.map((workload) => taskFor(workload, request)));
  }

  /** What Flux was asked to reconcile so far, sources too. */
  get asked(): ObjectId[] {
    return [...this.#asked.values()];
  }

  /** Asks, and tells of each workload what became of it as soon as it is known; at the end of those that were given up. */
  async *results(): AsyncGenerator<ReconcileResult> {
    try {
      yield* this.#round(this.#open);
      if (this.#open.size > 0) yield* this.#follow();
      for (const { workload, id, because } of this.#open) {
        yield { workload, is: "unfinished", because, trouble: this.#view.troubleWith(id) };
      }
    } finally {
      this.#end.abort();
    }
  }

  async *#follow(): AsyncGenerator<ReconcileResult> {
    for await (const tasks of this.#view.news()) {
      yield* this.#round(tasks);
      const [first] = this.#open;
      if (!first) return;
      this.#options.onProgress(this.#open.size, `${renderId(first.workload)} ${first.because}`);
    }
  }

  /** Looks at some of the workloads, and asks what is to be asked for them. */
  async *#round(tasks: Iterable<ReconcileTask>): AsyncGenerator<ReconcileResult> {
    const due = new Map<string, { object: LiveObject; request: OwnRequest }>();
    const again: ReconcileTask[] = [];
    for (const task of tasks) {
      if (!this.#open.has(task)) continue;
      const { workload, request } = task;
      const step = this.#stepOf(task);
      if (step.is === "ask") {
        task.because = "was not asked yet";
        for (const object of step.objects) due.set(keyOf(idOf(object)), { object, request });
        continue;
      }
      task.isSpent ||= step.isSpent === true;
      if (step.is === "waiting") task.because = step.because;
      else if (task.isSpent) {
        Object.assign(task, { request: requestAt(this.#options.now()), isSpent: false });
        again.push(task);
      } else {
        this.#open.delete(task);
        yield step.is === "done"
          ? { workload, is: "done", message: step.message }
          : { workload, is: "failed", error: step.error };
      }
    }
    for await (const _ of concurrently(due.values(), atOnce, (one) => this.#ask(one.object, one.request)));
    const refused = [...due.keys()].filter((key) => this.#refused.has(key));
    if (again.length > 0 || refused.length > 0)
      yield* this.#round([...again, ...this.#view.interestedIn(refused)]);
  }

  #stepOf(task: ReconcileTask): TaskStep {
    const step = stepOf(task, this.#view, this.#options.wish, (chain) => this.#remark(chain));
    const objects = step.is === "ask" ? step.objects : [];
    const error = objects.map((object) => this.#refused.get(keyOf(idOf(object)))).find((one) => one);
    return error ? { is: "failed", error } : step;
  }

  #remark({ links }: SourceChain): void {
    for (const { object } of links) {
      const because = idleBecause(object);
      const text = `${renderId(idOf(object))} ${because} and is not fetched`;
      if (because === undefined || !isFetched(object) || this.#remarks.has(text)) continue;
      this.#remarks.add(text);
      this.#options.onRemark(text);
    }
  }

  /** Only as it was seen: whoever changed it meanwhile is looked at first. */
  async #ask(object: LiveObject, request: OwnRequest): Promise<void> {
    const { name, namespace, resourceVersion } = object.metadata;
    const id = idOf(object);
    const key = keyOf(id);
    const patch = requestFor(object, request.token, this.#options.wish);
    const options = { fieldManager, resourceVersion };
    try {
      const asked = await this.#kube.mergePatch(askableKind(id), { name, namespace }, patch, options);
      request.asked.set(key, askedWith(object));
      this.#asked.set(key, id);
      this.#view.put(asked);
    } catch (error) {
      if (this.#end.signal.aborted || isConflict(error) || isMissing(error)) return;
      if (!(error instanceof UserError)) throw error;
      this.#refused.set(key, error);
    }
  }
}
