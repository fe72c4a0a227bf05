import { ExitCode, type UserError } from "../errors.js";
import type { Voice } from "../output/voice.js";

/** What could not be done of several: said, while the rest goes on. */
export class Failures {
  readonly #say: Voice;
  readonly #isSingle: boolean;
  #count = 0;

  /** @param isSingle there is nothing else to go on with: what fails is thrown */
  constructor(say: Voice, isSingle = false) {
    this.#say = say;
    this.#isSingle = isSingle;
  }

  get exitCode(): number {
    return this.#count > 0 ? ExitCode.failed : ExitCode.done;
  }

  fail(error: UserError): void {
    if (this.#isSingle) throw error;
    this.#count++;
    this.#say.failure(error.message, error.hint);
  }
}
