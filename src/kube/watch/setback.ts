import { UserError } from "../../errors.js";
import { StatusError } from "../failure.js";
import { longestWaitMs, waitMs } from "../retry.js";

/** The HTTP status that a failure came with, if any; of a sentence that was made of one, too. */
export function statusOf(failure: unknown): number | undefined {
  const origin = failure instanceof UserError ? failure.cause : failure;
  return origin instanceof StatusError ? origin.status : undefined;
}

/** So often in a row may break off what had begun, before it is worth a word. */
const patience = 5;

/** What held for so long worked: some load balancers cut each connection that is silent for a minute. */
const longEnoughMs = 10_000;

/** Counts failures of one sort in a row: it did not begin (no rights, nobody listens), or had begun and broke off. */
export class Setbacks {
  inARow = 0;
  #hadBegun = false;

  /** Whether it is worth a word. What had begun breaks off now and then, and goes on as if nothing had been. */
  add(hadBegun: boolean, lastedMs: number): boolean {
    const isNew = hadBegun !== this.#hadBegun || lastedMs > longEnoughMs;
    this.inARow = isNew ? 1 : this.inARow + 1;
    this.#hadBegun = hadBegun;
    return !hadBegun || this.inARow > patience;
  }

  /** It works. */
  forget(): void {
    this.inARow = 0;
  }
}

/**
 * How long to wait before it is tried again: from `firstWaitMs` on doubled with each setback, up to half a minute; up to a
 * whole one for what somebody has to put right (rights, credentials, a CRD). Spread by a quarter to both sides.
 */
export function pauseAfter(
  failure: unknown,
  { setbacks, firstWaitMs = 300 }: { setbacks: number; firstWaitMs?: number | undefined },
): number {
  const status = statusOf(failure) ?? 0;
  const longestMs = status >= 401 && status <= 404 ? 60_000 : 30_000;
  const times = { firstWaitMs, longestMs, now: Date.now(), random: Math.random() };
  return Math.min(longestWaitMs, waitMs({ tries: setbacks, failure }, times));
}
