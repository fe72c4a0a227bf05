const firstWaitMs = 1000;
const longestWaitMs = 60_000;

/** What failed, and when it is tried again: after growing waits, up to a minute. */
export class Retries {
  readonly #failed = new Map<string, { times: number; notBefore: number; message: string }>();

  isDue(key: string): boolean {
    return (this.#failed.get(key)?.notBefore ?? 0) <= performance.now();
  }

  /** @returns whether the message is another one than the time before */
  failed(key: string, message: string): boolean {
    const before = this.#failed.get(key);
    const times = (before?.times ?? 0) + 1;
    const notBefore = performance.now() + Math.min(firstWaitMs * 2 ** (times - 1), longestWaitMs);
    this.#failed.set(key, { times, notBefore, message });
    return before?.message !== message;
  }

  succeeded(key: string): void {
    this.#failed.delete(key);
  }

  /** Forgets what nobody wants any more. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#failed.keys()) if (!keys.has(key)) this.#failed.delete(key);
  }

  /** Until the next one is due; undefined when nothing failed. */
  get nextMs(): number | undefined {
    const times = [...this.#failed.values()].map(({ notBefore }) => notBefore);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - performance.now());
  }
}
