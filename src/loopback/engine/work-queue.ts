import { failing } from "../failing.js";

/** How one key is doing. */
interface Entry {
  /** wants work, since it was added after its last work began */
  wanted: boolean;
  running: boolean;
  /** of `performance.now()`: not before this */
  notBefore: number;
  /** of `performance.now()`: when it is tried again, since it failed and was not added since; 0 for any other */
  retryAt: number;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

export interface WorkQueueOptions<K> {
  /** answers "later" for work that could not be done, which is tried again after growing waits */
  work(key: K): Promise<"done" | "later">;
  /** between the beginnings of two works on one key, at least */
  spacingMs: number;
  /** how many are worked on at once */
  atOnce: number;
  /** how often work is tried before it is given up; without end when not given */
  tries?: number | undefined;
  /** before the first further try, doubled with each one up to a minute; 1 s when not given */
  firstWaitMs?: number;
}

const longestWaitMs = 60_000;

/**
 * Keys that want work: each is worked on by one at a time, and again when it was added meanwhile. However often a key is
 * added, it is worked on no more often than every `spacingMs`. What failed waits longer, unless it is added: what is new of it
 * may be what can be done.
 *
 * An error that `work` throws counts as a bug: {@link WorkQueue.failure} rejects with it.
 */
export class WorkQueue<K> {
  readonly #options: WorkQueueOptions<K>;
  readonly #entries = new Map<K, Entry>();
  readonly #ready = new Set<K>();
  #running = 0;
  #stopped = false;
  #waiters: (() => void)[] = [];
  readonly #rounds = new Set<{ left: Set<K>; resolve: () => void }>();
  readonly #bug = failing();
  readonly failure = this.#bug.failure;

  constructor(options: WorkQueueOptions<K>) {
    this.#options = options;
  }

  /** How many keys want work or are being worked on. */
  get length(): number {
    let count = 0;
    for (const { wanted, running } of this.#entries.values()) if (wanted || running) count++;
    return count;
  }

  add(key: K): void {
    if (this.#stopped) return;
    const entry = this.#entryOf(key);
    if (entry.wanted && entry.retryAt === 0) return;
    entry.wanted = true;
    entry.retryAt = 0;
    clearTimeout(entry.timer);
    if (!entry.running) this.#schedule(key, entry);
  }

  /** When nothing wants work and nothing is being worked on; what is tried again later counts as wanting. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#settle();
    });
  }

  /** When all that wants work now has been worked on, or given up, however much of it is wanted again by then. */
  caughtUp(): Promise<void> {
    const wanted = [...this.#entries].filter(([, entry]) => entry.wanted || entry.running);
    const left = new Set(wanted.map(([key]) => key));
    return new Promise((resolve) => {
      if (left.size === 0) resolve();
      else this.#rounds.add({ left, resolve });
    });
  }

  /** What could not be done is tried now: there is reason to believe that it can. */
  retry(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.failures === 0 || !entry.wanted || entry.running) continue;
      clearTimeout(entry.timer);
      entry.failures = 0;
      entry.notBefore = 0;
      entry.retryAt = 0;
      this.#schedule(key, entry);
    }
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const [key, entry] of this.#entries) {
      clearTimeout(entry.timer);
      entry.wanted = false;
      if (!entry.running) this.#entries.delete(key);
    }
    this.#ready.clear();
    await this.idle();
  }

  #entryOf(key: K): Entry {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { wanted: false, running: false, notBefore: 0, retryAt: 0, failures: 0, timer: undefined };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #schedule(key: K, entry: Entry): void {
    const ready = () => {
      entry.retryAt = 0;
      this.#ready.add(key);
      this.#next();
    };
    const wait = Math.max(entry.notBefore, entry.retryAt) - performance.now();
    if (wait <= 0) ready();
    else entry.timer = setTimeout(ready, wait);
  }

  #next(): void {
    for (const key of this.#ready) {
      if (this.#running >= this.#options.atOnce) return;
      this.#ready.delete(key);
      this.#begin(key, this.#entryOf(key));
    }
  }

  #begin(key: K, entry: Entry): void {
    entry.wanted = false;
    entry.running = true;
    entry.notBefore = performance.now() + this.#options.spacingMs;
    this.#running++;
    this.#options
      .work(key)
      .then(
        (outcome) => {
          entry.failures = outcome === "done" ? 0 : entry.failures + 1;
          const { firstWaitMs = 1000, tries = Number.POSITIVE_INFINITY } = this.#options;
          if (outcome === "done" || this.#stopped || entry.failures >= tries) return this.#ended(key);
          if (entry.wanted) return;
          const wait = Math.min(firstWaitMs * 2 ** (entry.failures - 1), longestWaitMs);
          entry.retryAt = performance.now() + wait;
          entry.wanted = true;
        },
        (error: unknown) => this.#bug.fail(error),
      )
      .finally(() => {
        entry.running = false;
        this.#running--;
        // one that nobody added again needs its time only until it may run once more
        if (entry.wanted) this.#schedule(key, entry);
        else if (entry.notBefore <= performance.now()) this.#entries.delete(key);
        else this.#retire(key, entry);
        this.#next();
        this.#settle();
      });
  }

  /** Keeps the time of the last work for as long as it matters. */
  #retire(key: K, entry: Entry): void {
    entry.timer = setTimeout(() => {
      if (!entry.wanted && !entry.running && this.#entries.get(key) === entry) this.#entries.delete(key);
    }, entry.notBefore - performance.now());
    entry.timer.unref();
  }

  #ended(key: K): void {
    for (const round of this.#rounds) {
      if (!round.left.delete(key) || round.left.size > 0) continue;
      this.#rounds.delete(round);
      round.resolve();
    }
  }

  #settle(): void {
    if (this.#waiters.length === 0 || this.#running > 0 || this.length > 0) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
