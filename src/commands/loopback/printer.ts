import type { UserError } from "../../errors.js";
import { namespacedName } from "../../kube/object-id.js";
import type { AutoChange } from "../../loopback/auto/listener.js";
import type { EngineListener } from "../../loopback/engine/emitter.js";
import type { Health } from "../../loopback/engine/http-server.js";
import type { Metrics } from "../../loopback/engine/metrics.js";
import type { Reported } from "../../loopback/engine/reporter.js";
import { Progress } from "../../output/progress.js";
import type { Deps } from "../deps.js";
import type { Options } from "./flags.js";

/**
 * Says what the engine does: a line on stdout for each change (of one pass, for each Application), and on a terminal how many
 * are in step.
 */
export class Printer implements EngineListener {
  readonly #deps: Deps;
  readonly #options: Options;
  readonly #metrics: Metrics;
  readonly #progress: Progress;
  /** Application → whether it is Synced and Healthy */
  readonly #states = new Map<string, boolean>();
  /** Applications that could not be reported */
  readonly #failing = new Set<string>();
  #last = "";
  /** of `--auto`: what could not be done */
  undoneCount = 0;

  constructor(deps: Deps, options: Options, metrics: Metrics) {
    this.#deps = deps;
    this.#options = options;
    this.#metrics = metrics;
    this.#progress = new Progress(deps.stderr, deps.env);
  }

  get allInStep(): boolean {
    return this.#metrics.inStep === this.#states.size;
  }

  /** how many things could not be done */
  get failures(): number {
    return this.undoneCount + this.#failing.size;
  }

  reported(result: Reported): void {
    const key = namespacedName(result.application);
    // one pass tells all there are, also those that are as they were
    const isFirst = this.#options.once === true && !this.#states.has(key);
    this.#failing.delete(key);
    this.#note(key, result.sync === "Synced" && result.health === "Healthy");
    if (result.wrote.status || result.wrote.tree || isFirst) {
      this.#last = `${result.application.name} ${result.sync}, ${result.health}`;
      this.#progress.clear();
      this.#deps.stdout.stream.write(this.#line(result));
    }
    this.#update();
  }

  failed(key: string, error: UserError): void {
    this.#failing.add(key);
    this.#note(key, false);
    this.#progress.clear();
    this.#deps.say.failure(error.message, error.hint);
    this.#update();
  }

  auto(change: AutoChange): void {
    this.#progress.clear();
    this.#deps.stdout.stream.write(this.#autoLine(change));
    this.#update();
  }

  undone(error: UserError): void {
    this.undoneCount++;
    this.#progress.clear();
    this.#deps.say.failure(error.message, error.hint);
    this.#update();
  }

  answered(text: string): void {
    this.#progress.clear();
    this.#deps.say.act(text);
    this.#update();
  }

  dropped(key: string): void {
    this.#failing.delete(key);
    this.#note(key, undefined);
    this.#update();
  }

  remark(text: string): void {
    this.#progress.clear();
    this.#deps.say.warning(text);
    this.#update();
  }

  /** Everything has been reported once. */
  whole(applications: number): void {
    this.#progress.clear();
    if (applications === 0 && (this.#options.shard?.count ?? 1) === 1)
      this.#deps.say.act(
        `There is no Application of the engine loopback${this.#options.auto ? " yet" : ": flamingo generate-app --all -A makes them"}`,
      );
    else
      this.#deps.say.done(
        `Reported ${applications} Application${applications === 1 ? "" : "s"}, ${this.#metrics.inStep} Synced and Healthy`,
      );
    this.#update();
  }

  health(): Health {
    const { leading, redis, applications, inStep } = this.#metrics;
    if (leading && !redis() && !this.#options.dryRun) return { ok: false, text: "redis does not answer" };
    return { ok: true, text: leading ? `${inStep} of ${applications} in step` : "waiting for the Lease" };
  }

  end(): void {
    this.#progress.clear();
  }

  /** @param inStep undefined for an Application that is gone */
  #note(key: string, inStep: boolean | undefined): void {
    if (this.#states.get(key)) this.#metrics.inStep--;
    if (inStep === undefined) this.#states.delete(key);
    else this.#states.set(key, inStep);
    if (inStep) this.#metrics.inStep++;
    this.#metrics.applications = this.#states.size;
  }

  #update(): void {
    const { applications, inStep } = this.#metrics;
    if (applications === 0) return;
    this.#progress.update(
      `◎ ${inStep} of ${applications} in step${this.#last ? `; last: ${this.#last}` : ""}`,
    );
  }

  #autoLine({ application, auto, workload }: AutoChange): string {
    const { dryRun = false, output } = this.#options;
    const { namespace, name } = application;
    if (output !== "json")
      return `application.argoproj.io/${namespace}/${name} ${auto} (auto)${dryRun ? " (dry run)" : ""}\n`;
    const time = this.#deps.now().toISOString();
    return `${JSON.stringify({ time, application, auto, workload, dryRun })}\n`;
  }

  #line({ application, sync, health, wrote, omitted }: Reported): string {
    const { namespace, name } = application;
    const { dryRun = false, output } = this.#options;
    if (output !== "json") {
      const how = dryRun ? " (dry run)" : "";
      return `application.argoproj.io/${namespace}/${name} ${sync} ${health}${how}\n`;
    }
    const status = dryRun ? { status: wrote.status ?? null } : {};
    return `${JSON.stringify({
      time: this.#deps.now().toISOString(),
      application,
      sync,
      health,
      wrote: { status: wrote.status !== undefined, tree: wrote.tree },
      omitted,
      dryRun,
      ...status,
    })}\n`;
  }
}
