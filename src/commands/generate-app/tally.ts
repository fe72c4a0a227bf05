import type { Planned, Refused } from "../../applications/plan.js";
import { WarningSummary } from "../../argo/warning-summary.js";
import { UserError } from "../../errors.js";
import type { ApplyOutcome } from "../../kube/apply-outcome.js";
import { renderId } from "../../kube/object-id.js";
import type { Voice } from "../../output/voice.js";
import { Summary } from "../../text/summary.js";

type Sound = Exclude<Planned, Refused>;

interface Told {
  subject: string;
  error: UserError;
}

/** Keeps count of what happens to the Applications of one run, and says it on stderr. */
export class Tally {
  readonly #say: Voice;
  readonly #isSingle: boolean;
  readonly #tellsAll: boolean;
  readonly #failures = new Summary<Told>();
  readonly #leftOut = new Summary<Told>();
  readonly #warnings = new WarningSummary();
  readonly #outcomes: Record<ApplyOutcome, number> = { created: 0, configured: 0, unchanged: 0 };
  failures = 0;
  /** something could not be read, so which Applications there ought to be is not known */
  incomplete = false;
  /** names of Applications that could not be made */
  readonly failedNames = new Set<string>();

  /**
   * @param isSingle there is one workload only: its failure ends the command
   * @param tellsAll each failure is said by itself
   */
  constructor(say: Voice, { isSingle, tellsAll }: { isSingle: boolean; tellsAll: boolean }) {
    this.#say = say;
    this.#isSingle = isSingle;
    this.#tellsAll = tellsAll;
  }

  /** A failure, to be said in the end, together with others like it; that of the only workload is thrown. */
  failed(failure: UserError): void {
    if (this.#isSingle) throw failure;
    this.failures++;
    this.#take(failure, this.#failures);
  }

  /** What could not be read beside the workloads that could; the command goes on and fails in the end. */
  unread(problem: UserError): void {
    this.incomplete = true;
    this.failures++;
    this.#take(problem, this.#failures);
  }

  /** What could not be read and does not matter. */
  leftOut(remark: UserError): void {
    this.#take(remark, this.#leftOut);
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

  /** The failures and warnings of the whole run, those of many in one line. */
  finish(): void {
    for (const { message, hint } of toldTogether(this.#failures)) this.#say.failure(message, hint);
    for (const { message, hint } of toldTogether(this.#leftOut)) this.#say.warning(message, hint);
    for (const line of this.#warnings.lines()) this.#say.warning(line);
  }

  #take(error: UserError, summary: Summary<Told>): void {
    const { cause = error.message, subject = "" } = error.alike ?? {};
    summary.add(this.#tellsAll ? error.message : cause, { subject, error });
  }
}

function toldTogether(summary: Summary<Told>): Iterable<{ message: string; hint: string | undefined }> {
  return summary.tell<{ message: string; hint: string | undefined }>(
    ({ error }) => error,
    ({ error }, subjects) => ({
      message: error.alike?.sentence(subjects) ?? error.message,
      hint: error.hint,
    }),
  );
}
