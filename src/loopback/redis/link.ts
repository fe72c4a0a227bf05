import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { isAbort } from "../../abort.js";
import { waitMs } from "../../kube/retry.js";
import type { RedisAccess } from "./access.js";
import { clientOn } from "./client.js";
import { type Explanation, explainRedis } from "./explain.js";

export interface LinkOptions {
  /** how redis is reached at this time: asked before each connection */
  access(): Promise<RedisAccess>;
  /** what is to be done first on a new connection */
  prepare(client: Redis, access: RedisAccess): Promise<void>;
  now(): Date;
  /** how long somebody who wants a connection waits for one, at most, counted from when the last one was lost */
  patienceMs: number;
  /** how long redis may take for each command */
  answerWithinMs: number | undefined;
}

export interface LinkState {
  connected: boolean;
  /** connected, or not */
  since: Date;
  /** why not: "the password is not accepted" */
  error?: string;
}

const firstWaitMs = 250;
const longestWaitMs = 30_000;

/** There is no connection, and none came in time. */
export class NotConnected extends Error {}

/** Keeps a connection to redis: when one is lost, another is tried until there is one, after growing waits. */
export class RedisLink {
  readonly #options: LinkOptions;
  readonly #stop = new AbortController();
  #access: RedisAccess | undefined;
  #client: Redis | undefined;
  #failure: Explanation | undefined;
  #since: Date;
  #lostAt = performance.now();
  #waiting: (() => void)[] = [];
  #ended: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#since = options.now();
  }

  get state(): LinkState {
    const connected = this.#client !== undefined;
    const error = connected ? undefined : this.#failure?.why;
    return { connected, since: this.#since, ...(error === undefined ? {} : { error }) };
  }

  /** How redis was last tried to be reached. */
  get access(): RedisAccess | undefined {
    return this.#access;
  }

  /**
   * Resolves when the first try is over, whichever way it went.
   *
   * @throws what `access` throws the first time; then nothing is tried again
   */
  async start(): Promise<void> {
    const access = await this.#options.access();
    this.#access = access;
    await new Promise<void>((tried) => {
      this.#ended = this.#run(access, tried);
    });
  }

  /** @throws NotConnected */
  async use(): Promise<Redis> {
    const leftMs = this.#lostAt + this.#options.patienceMs - performance.now();
    if (!this.#client && leftMs > 0 && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    if (!this.#client) throw new NotConnected();
    return this.#client;
  }

  /** The connection is of no use any more. */
  drop(client: Redis, reason: unknown): void {
    if (client !== this.#client) return;
    this.#lost(reason);
    client.disconnect();
  }

  /** Why an error came about: for {@link NotConnected}, why there is no connection. */
  explain(error: unknown): Explanation {
    if (!(error instanceof NotConnected)) return explainRedis(error, this.#access);
    return (
      this.#failure ?? { why: "there is no connection yet", hint: "It should come about within seconds" }
    );
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#client?.disconnect();
    await this.#ended;
    this.#wake();
  }

  async #run(first: RedisAccess, tried: () => void): Promise<void> {
    const { signal } = this.#stop;
    let access: RedisAccess | undefined = first;
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        access ??= await this.#options.access();
        this.#access = access;
        await this.#connection(access, () => {
          tries = 0;
          tried();
        });
      } catch (error) {
        this.#lost(error);
      }
      tried();
      access = undefined;
      const wait = { firstWaitMs, longestMs: longestWaitMs, now: 0, random: Math.random() };
      await sleep(waitMs({ tries: tries + 1, failure: undefined }, wait), undefined, { signal }).catch(
        (error: unknown) => {
          if (!isAbort(error)) throw error;
        },
      );
    }
  }

  /** Ends with the connection. */
  async #connection(access: RedisAccess, onConnected: () => void): Promise<void> {
    const { answerWithinMs } = this.#options;
    const stream = await access.connect();
    const client = await clientOn(stream, access.login, { db: access.db, answerWithinMs });
    const over = new Promise<void>((resolve) => client.once("end", resolve));
    const onStop = () => client.disconnect();
    this.#stop.signal.addEventListener("abort", onStop, { once: true });
    try {
      if (this.#stop.signal.aborted) return;
      await this.#options.prepare(client, access);
      if (client.status !== "ready") throw closed();
      this.#client = client;
      this.#since = this.#options.now();
      onConnected();
      this.#wake();
      await over;
      this.drop(client, stream.errored ?? closed());
    } catch (error) {
      // the library only says that it is over
      throw stream.errored ?? error;
    } finally {
      this.#stop.signal.removeEventListener("abort", onStop);
      client.disconnect();
    }
  }

  #lost(error: unknown): void {
    this.#failure = explainRedis(error, this.#access);
    if (!this.#client) return;
    this.#client = undefined;
    this.#since = this.#options.now();
    this.#lostAt = performance.now();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** As the library says it. */
function closed(): Error {
  return new Error("Connection is closed.");
}
