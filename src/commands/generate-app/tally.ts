import type { Planned, Refused } from "../../applications/plan.js";
import { WarningSummary } from "../../argo/warning-summary.js";
import { UserError } from "../../errors.js";
import type { ApplyOutcome } from "../../kube/apply-outcome.js";
import { renderId } from "../../kube/object-id.js";
import type { Voice } from "../../output/voice.js";

type Sound = Exclude<Planned, Refused>;

/** Keeps count of what happens to the Applications of one run, and says it on stderr. */
export class Tally {
  readonly #say: Voice;
  readonly #single: boolean;
  readonly #warnings = new WarningSummary();
  readonly #outcomes: Record<ApplyOutcome, number> = { created: 0, configured: 0, unchanged: 0 };
  failures = 0;
  /** something could not be read, so which Applications there ought to be is not known */
  incomplete = false;
  /** names of Applications that could not be made */
  readonly failedNames = new Set<string>();

  /** @param single there is one workload only: its failure ends the command */
  constructor(say: Voice, single: boolean) {
    this.#say = say;
    this.#single = single;
  }

  /** Says a failure at once; that of the only workload is thrown. */
  failed(failure: UserError): void {
    if (this.#single) throw failure;
    this.failures++;
    this.#say.failure(failure.message, failure.hint);
  }

  /** Says what could not be read beside the workloads that could; the command goes on and fails in the end. */
  unread(problem: UserError): void {
    this.incomplete = true;
    this.failures++;
    this.#say.failure(problem.message, problem.hint);
  }

  done(outcome: ApplyOutcome): void {
    this.#outcomes[outcome]++;
  }

  /** "3 created, 55 unchanged" */
  get summary(): string {
    const parts = Object.entries(this.#outcomes).filter(([, count]) => count > 0);
    return parts.length === 0 ? "none" : parts.map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  }

  get count(): number {
    return Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0);
  }

  /** Those that can be made; the others are said. */
  *sound(planned: Iterable<Planned>): Generator<Sound> {
    for (const item of this.watched(planned)) {
      if ("failure" in item) this.failed(item.failure);
      else yield item;
    }
  }

  /** All of them, their warnings and failed names taken down. */
  *watched(planned: Iterable<Planned>): Generator<Planned> {
    for (const item of planned) {
      if ("failure" in item) this.failedNames.add(item.name);
      else for (const warning of item.warnings) this.#warnings.add(warning, renderId(item.workload));
      yield item;
    }
  }

  /** Runs the work on one Application; its failure is said, and others go on. */
  async attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.failedNames.add(name);
      this.failed(error);
    }
  }

  /** The end of `--output-dir`. */
  wrote(folder: string, stale: readonly string[]): void {
    const applications = this.count === 1 ? "Application" : "Applications";
    if (this.count > 0) this.#say.done(`Wrote ${this.count} ${applications} to ${folder}: ${this.summary}`);
    if (stale.length === 0) return;
    this.#say.warning(
      `Of an earlier run, and no longer used: ${stale.join(", ")}`,
      "Delete them if they are not needed",
    );
  }

  /** The warnings of the whole run, those of many workloads in one line. */
  finish(): void {
    for (const line of this.#warnings.lines()) this.#say.warning(line);
  }
}
