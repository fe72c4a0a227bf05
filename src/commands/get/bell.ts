import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** What changes at the same time is looked at together. */
const gatherMs = 100;
/** Of the time at most a fifth goes to looking, however much changes. */
const restFactor = 4;
/** So often somebody looks though nothing was heard: that an engine has gone silent is no news. */
const tickMs = 5_000;

/** Tells when to look again at what several watches tell. */
export class Bell {
  readonly #signal: AbortSignal;
  readonly #target = new EventTarget();
  #isRung = false;
  #failure: { thrown: unknown } | undefined;
  #lookedFrom = 0;

  /** @param signal ends it */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  readonly ring = (): void => {
    this.#isRung = true;
    this.#target.dispatchEvent(new Event("ring"));
  };

  /** What work ends with is thrown by {@link rung}. */
  readonly answerFor = (work: Promise<void>): void => {
    work.catch((thrown: unknown) => {
      this.#failure = { thrown };
      this.ring();
    });
  };

  /**
   * True when it is time to look; false at the end.
   *
   * @throws what work has failed with
   */
  async rung(): Promise<boolean> {
    const lookedMs = this.#lookedFrom === 0 ? 0 : performance.now() - this.#lookedFrom;
    if (!this.#isRung) await this.#ringOrTick();
    if (this.#failure) throw this.#failure.thrown;
    await sleep(Math.max(gatherMs, restFactor * lookedMs), undefined, { signal: this.#signal }).catch(
      () => {},
    );
    this.#isRung = false;
    this.#lookedFrom = performance.now();
    return !this.#signal.aborted;
  }

  async #ringOrTick(): Promise<void> {
    const end = new AbortController();
    const onAbort = () => end.abort();
    this.#signal.addEventListener("abort", onAbort, { once: true });
    if (this.#signal.aborted) onAbort();
    const { signal } = end;
    const wait = [once(this.#target, "ring", { signal }), sleep(tickMs, undefined, { signal })];
    await Promise.race(wait.map((one) => one.catch(() => {})));
    end.abort();
    this.#signal.removeEventListener("abort", onAbort);
  }
}
