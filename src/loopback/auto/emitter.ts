import { Application } from "../../argo/application.js";
import { WarningSummary } from "../../argo/warning-summary.js";
import { UserError } from "../../errors.js";
import { renderId } from "../../kube/object-id.js";
import type { AutoPlan } from "./auto-plan.js";
import type { Creation } from "./creation.js";
import { type AutoChange, type AutoListener, changeOf } from "./listener.js";
import { explainUnknown } from "./unknown-kind.js";

/** Tells what holds from one plan to the next when it begins, and not again until it has ended. */
export class AutoEmitter {
  readonly #listener: AutoListener;
  readonly #namespace: string;
  #before = new Set<string>();
  #now = new Set<string>();

  /** @param namespace where Applications live */
  constructor(listener: AutoListener, namespace: string) {
    this.#listener = listener;
    this.#namespace = namespace;
  }

  /** What cannot be done. With `isFirst` also that something could not be read yet, which otherwise passes. */
  undone({ refused, unknown }: AutoPlan, isFirst: boolean): void {
    this.#before = this.#now;
    // where nothing is known of Applications, nothing is known of what holds
    const isBlind = unknown.some(({ kind }) => kind === Application);
    this.#now = new Set(isBlind ? this.#before : []);
    for (const { workload, because } of refused)
      this.#once(`${renderId(workload)} ${because.message}`, () => this.#listener.undone(because));
    for (const item of unknown) {
      if (item.because === "unavailable" && !isFirst) continue;
      const told = explainUnknown(item, this.#namespace);
      if (told instanceof UserError) this.#once(told.message, () => this.#listener.undone(told));
      else if (told !== undefined) this.#once(told, () => this.#listener.remark(told));
    }
  }

  /** What would be done, for a dry run. */
  planned({ create, remove }: AutoPlan): void {
    const changes: AutoChange[] = [
      ...remove.map(({ application, workload }) => changeOf("deleted", application, workload)),
      ...create.map(({ application, workload }) => changeOf("created", application, workload)),
    ];
    for (const change of changes)
      this.#once(`${change.auto} ${change.application.name}`, () => this.#listener.auto(change));
  }

  /** What will be seen otherwise than one would think. */
  warnings(created: readonly Creation[]): void {
    const summary = new WarningSummary();
    for (const { workload, warnings } of created)
      for (const warning of warnings) summary.add(warning, renderId(workload));
    for (const line of summary.lines()) this.#listener.remark(line);
  }

  #once(key: string, tell: () => void): void {
    this.#now.add(key);
    if (!this.#before.has(key)) tell();
  }
}
