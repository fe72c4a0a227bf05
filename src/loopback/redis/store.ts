import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { ApplicationTree, ResourceDiff } from "../../argo/application-tree.js";
import { breathe } from "../../breathe.js";
import { UserError } from "../../errors.js";
import type { RedisAccess } from "./access.js";
import { hasEntries, removeOwnKeys, resultsOf } from "./ask.js";
import { comparableTree, redisEntries, redisKeys, updateChannel } from "./entry.js";
import { endsConnection, isTimeout } from "./explain.js";
import { Ledger } from "./ledger.js";
import { type LinkState, RedisLink } from "./link.js";
import { Upkeep } from "./upkeep.js";

export interface RedisContent {
  tree: ApplicationTree;
  managedResources: readonly ResourceDiff[];
}

export interface RedisStore {
  /**
   * Writes the tree and the managed resources of an Application and announces it, unless redis has the same already.
   *
   * @param instance see `instanceName()`
   * @throws UserError when redis does not take it, or has not been reached for some seconds
   */
  put(instance: string, content: RedisContent): Promise<"written" | "unchanged">;
  /**
   * The Application is gone: so are its keys. After an error they are removed as soon as redis is reached again.
   *
   * @throws UserError as for `put`
   */
  remove(instance: string): Promise<void>;
  readonly state: LinkState;
  /** calls since it was opened that wrote something, and that failed */
  readonly counts: Readonly<{ writes: number; errors: number }>;
  close(): Promise<void>;
}

export interface RedisStoreOptions {
  /** how redis is reached at this time, see `readRedisAccess()` */
  access(): Promise<RedisAccess>;
  /** the instances of all Applications that flamingo reports; what an earlier flamingo wrote of others is removed */
  live(): Iterable<string>;
  /** whether it is for us to remove what is left of an Application that is gone */
  isOurs(instance: string): boolean;
  /** redis has lost what was written of these, or Argo CD does not read it any more: put them again */
  onForgotten(instances: readonly string[]): void;
  now(): Date;
  /** how often it is looked whether redis still has everything; a minute when not given */
  checkEveryMs?: number;
  /** how long redis may be out of reach before `put` says so; 5 s when not given */
  patienceMs?: number;
  /** how long redis may take for each command; 10 s when not given */
  answerWithinMs?: number;
}

/**
 * Argo CD's redis, to be written into. Resolves when the first try to connect is over: `state` tells how it went, and what
 * went wrong is tried again.
 *
 * @throws what `access` throws the first time
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<RedisStore> {
  const store = new Store(options);
  await store.start();
  return store;
}

class Store implements RedisStore {
  readonly counts = { writes: 0, errors: 0 };
  readonly #ledger = new Ledger();
  readonly #upkeep: Upkeep;
  readonly #link: RedisLink;
  readonly #checkEveryMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RedisStoreOptions) {
    const { patienceMs = 5000, checkEveryMs = 60_000, answerWithinMs } = options;
    this.#upkeep = new Upkeep({ ...options, ledger: this.#ledger });
    const prepare = this.#upkeep.prepare.bind(this.#upkeep);
    this.#link = new RedisLink({ ...options, prepare, patienceMs, answerWithinMs });
    this.#checkEveryMs = checkEveryMs;
  }

  async start(): Promise<void> {
    await this.#link.start();
    this.#scheduleCheck();
  }

  get state(): LinkState {
    return this.#link.state;
  }

  async put(instance: string, content: RedisContent): Promise<"written" | "unchanged"> {
    this.#upkeep.stays(instance);
    const hash = await hashOf(content);
    if (this.#ledger.has(instance, hash)) return "unchanged";
    return this.#do(`write the tree of ${instance} to`, async (client) => {
      const { form } = this.#upkeep;
      const entries = await redisEntries(instance, content, form);
      const kept = new Set(entries.map(({ key }) => key));
      const before = redisKeys(instance, this.#ledger.shardsOf(instance), form);
      const stale = before.filter((key) => !kept.has(key));
      const written = { hash, shards: entries.length - 1 };
      const mayBeThere = stale.length === 0 && this.#ledger.isUnknown(instance);
      if (mayBeThere && (await hasEntries(client, entries, form))) {
        this.#ledger.begin(instance, written)();
        return "unchanged";
      }
      const transaction = client.multi();
      for (const { key, value } of entries) transaction.set(key, value);
      if (stale.length > 0) transaction.del(...stale);
      transaction.publish(updateChannel(instance, form), "");
      const done = this.#ledger.begin(instance, written);
      await resultsOf(transaction);
      done();
      this.counts.writes++;
      return "written";
    });
  }

  async remove(instance: string): Promise<void> {
    const keys = redisKeys(instance, this.#ledger.shardsOf(instance), this.#upkeep.form);
    this.#ledger.remove(instance);
    this.#upkeep.leaves(instance, keys);
    await this.#do(`remove the tree of ${instance} from`, async (client) => {
      await removeOwnKeys(client, keys);
      this.#upkeep.stays(instance);
      this.counts.writes++;
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#link.close();
  }

  /** Once more where the connection was lost meanwhile: all that is done here may be done twice. */
  async #do<T>(what: string, work: (client: Redis) => Promise<T>, mayTryAgain = true): Promise<T> {
    let client: Redis | undefined;
    try {
      client = await this.#link.use();
      return await work(client);
    } catch (error) {
      if (client && endsConnection(error)) {
        this.#link.drop(client, error);
        if (mayTryAgain && !isTimeout(error)) return this.#do(what, work, false);
      }
      this.counts.errors++;
      const { why, hint } = this.#link.explain(error);
      throw new UserError(`Cannot ${what} redis at ${this.#link.access?.target}: ${why}`, { hint });
    }
  }

  #scheduleCheck(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#check().then(() => this.#scheduleCheck()), this.#checkEveryMs);
  }

  /** Never rejects: what goes wrong is the connection's, which is then made anew. */
  async #check(): Promise<void> {
    if (!this.state.connected) return;
    const client = await this.#link.use();
    try {
      await this.#upkeep.check(client);
    } catch (error) {
      this.#link.drop(client, error);
    }
  }
}

async function hashOf({ tree, managedResources }: RedisContent): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(comparableTree(tree)));
  for (const resource of managedResources) {
    await breathe();
    hash.update(JSON.stringify(resource));
  }
  return hash.digest("base64");
}
