import { removeApplication } from "../../applications/remove.js";
import { Application } from "../../argo/application.js";
import { UserError } from "../../errors.js";
import { idOfWorkload } from "../../flux/workload.js";
import { concurrently } from "../../kube/concurrently.js";
import { isConflict } from "../../kube/failure.js";
import type { Kube } from "../../kube/kube.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, keyOf, namespacedName } from "../../kube/object-id.js";
import { loopbackFieldManager as fieldManager } from "../../names.js";
import type { AutoPlan } from "./auto-plan.js";
import type { Creation } from "./creation.js";
import type { Known } from "./known.js";
import { type AutoListener, changeOf } from "./listener.js";
import { isGone, shownByOwn } from "./orphans.js";
import { Retries } from "./retries.js";

export interface PlanApplierOptions {
  kube: Kube;
  known: Known;
  listener: AutoListener;
  /** ends it */
  signal: AbortSignal;
  /** what was written, before the watch tells it */
  set(object: LiveObject): void;
  /** @param key as `keyOf()` writes it */
  gone(key: string): void;
}

const atOnce = 8;

/**
 * Creates and deletes Applications as planned, some at a time. What fails is told, once, and left to a later plan, after growing
 * waits. Thousands take a while: what a plan was made from is looked at again before each one.
 */
export class PlanApplier {
  readonly retries = new Retries();
  readonly #options: PlanApplierOptions;

  constructor(options: PlanApplierOptions) {
    this.#options = options;
  }

  remove(planned: AutoPlan["remove"]): Promise<void> {
    return this.#each(planned, ({ application }) => this.#remove(application));
  }

  /** @returns those that were created */
  async create(planned: AutoPlan["create"]): Promise<Creation[]> {
    const created: Creation[] = [];
    await this.#each(planned, async (item) => {
      if (await this.#create(item)) created.push(item);
      return "done";
    });
    return created;
  }

  async #each<T extends { application: Application }>(
    items: readonly T[],
    work: (item: T) => Promise<"done" | "later">,
  ): Promise<void> {
    const { signal } = this.#options;
    const { retries } = this;
    const due = (function* () {
      for (const item of items)
        if (!signal.aborted && retries.isDue(item.application.metadata.name)) yield item;
    })();
    const results = concurrently(due, atOnce, (item) =>
      this.#attempt(item.application.metadata.name, () => work(item)),
    );
    for await (const _ of results);
  }

  async #attempt(name: string, work: () => Promise<"done" | "later">): Promise<void> {
    const { signal, listener } = this.#options;
    try {
      if ((await work()) === "later") this.retries.failed(name, "");
      else this.retries.succeeded(name);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UserError)) throw error;
      // where somebody was faster the watch tells what is there now
      if (this.retries.failed(name, error.message) && !isConflict(error)) listener.undone(error);
    }
  }

  async #create({ workload, application }: Creation): Promise<boolean> {
    const { kube, known, set, listener } = this.#options;
    const key = namespacedName(application.metadata);
    if (!known.workloads.has(keyOf(idOfWorkload(workload))) || known.applications.has(key)) return false;
    const created = await kube.create(Application, application, { fieldManager });
    // the watch may have told more by now
    if (!known.applications.has(key)) set(created);
    listener.auto(changeOf("created", application, workload));
    return true;
  }

  async #remove({ metadata }: Application): Promise<"done" | "later"> {
    const { kube, known, gone, listener } = this.#options;
    const key = namespacedName(metadata);
    const application = known.applications.get(key);
    const workload = application && shownByOwn(application);
    if (!application || !workload || !isGone(workload, known)) return "done";
    const outcome = await removeApplication(kube, application, fieldManager);
    if (outcome === "changed") return "later";
    if (outcome === "missing") return "done";
    if (outcome === "gone" && known.applications.get(key)?.metadata.uid === metadata.uid)
      gone(keyOf(idOf(application)));
    listener.auto(changeOf("deleted", application, workload));
    return "done";
  }
}
