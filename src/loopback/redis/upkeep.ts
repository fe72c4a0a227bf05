import type { Redis } from "ioredis";
import type { RedisAccess } from "./access.js";
import { findForm, findKeys, isFresh, removeOwnKeys, runIdOf, type SeenForm, withExpiry } from "./ask.js";
import { type CacheForm, redisKeys } from "./entry.js";
import type { Ledger } from "./ledger.js";
import { isOwn, ownBeginnings, parseKey, sortLeftBehind } from "./own-keys.js";

export interface UpkeepOptions {
  ledger: Ledger;
  /** how redis is reached at this time, and what Argo CD is told of its keys */
  access(): Promise<RedisAccess>;
  live(): Iterable<string>;
  isOurs(instance: string): boolean;
  onForgotten(instances: readonly string[]): void;
}

/** `CacheVersion` of Argo CD's common package, 2.2 to 3.6. */
const usualVersion = "1.8.3";

/** Keeps what redis has, what the ledger says and what Argo CD reads the same. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  /** keys of Applications that went and could not be removed yet */
  readonly #leaving = new Map<string, readonly string[]>();
  #form: CacheForm = { version: usualVersion, gzip: true, keyPrefix: "", treeShardSize: 0 };
  #seen: SeenForm | undefined;
  #isTidy = false;
  #runId: string | undefined;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** How Argo CD reads at this time. */
  get form(): CacheForm {
    return this.#form;
  }

  leaves(instance: string, keys: readonly string[]): void {
    this.#leaving.set(instance, keys);
  }

  stays(instance: string): void {
    this.#leaving.delete(instance);
  }

  /** What is to be done on a new connection before anything is written. */
  async prepare(client: Redis, access: RedisAccess): Promise<void> {
    const runId = await runIdOf(client);
    const form = await this.#formNow(client, access);
    if (this.#isTidy) await this.#change(client, form);
    else await this.#tidy(client, form);
    for (const [instance, keys] of [...this.#leaving]) {
      await removeOwnKeys(client, keys);
      this.#leaving.delete(instance);
    }
    // one that was started anew, or the replica in its place, may also have something older
    if (runId !== undefined && runId !== this.#runId) this.#forget(this.#options.ledger.all());
    else await this.#lookForLosses(client);
    this.#runId = runId;
  }

  /** What is to be looked at from time to time. */
  async check(client: Redis): Promise<void> {
    if (!this.#seen || !(await isFresh(client, this.#seen)))
      await this.#change(client, await this.#formNow(client, await this.#options.access()));
    await this.#lookForLosses(client);
  }

  /** By the keys that the application-controller writes; as long as it has written none, by what Argo CD is told. */
  async #formNow(client: Redis, access: RedisAccess): Promise<CacheForm> {
    const { keyPrefix, treeShardSize, compression } = access;
    this.#seen = (await findForm(client, keyPrefix)) ?? this.#seen;
    const usual = { version: usualVersion, gzip: compression === "gzip" };
    return { ...(this.#seen?.form ?? usual), keyPrefix, treeShardSize };
  }

  /** Removes what an earlier flamingo left of Applications that are gone, and learns what it left of the others. */
  async #tidy(client: Redis, form: CacheForm): Promise<void> {
    const keys: string[] = [];
    for (const beginning of ownBeginnings)
      keys.push(...(await findKeys(client, `${form.keyPrefix}${beginning}`)));
    const live = new Set(this.#options.live());
    const ours = keys.filter((key) => this.#options.isOurs(parseKey(key, form)?.instance ?? ""));
    const { orphans, shards } = sortLeftBehind(await withExpiry(client, ours), live, form);
    await removeOwnKeys(client, orphans);
    for (const [instance, count] of shards) this.#options.ledger.found(instance, count);
    this.#form = form;
    this.#isTidy = true;
  }

  /** Argo CD was upgraded, or told otherwise how to write: nobody reads the old keys any more. */
  async #change(client: Redis, form: CacheForm): Promise<void> {
    const before = this.#form;
    this.#form = form;
    if ((["version", "gzip", "keyPrefix"] as const).every((part) => before[part] === form[part])) return;
    const all = this.#options.ledger.all();
    await removeOwnKeys(
      client,
      all.flatMap(({ instance, shards }) => redisKeys(instance, shards, before)),
    );
    this.#forget(all);
  }

  /** FLUSHALL, eviction, and an Argo CD that wrote itself for once: its entries expire. */
  async #lookForLosses(client: Redis): Promise<void> {
    const keys = this.#options.ledger
      .written()
      .flatMap((written) =>
        redisKeys(written.instance, written.shards, this.#form).map((key) => ({ key, written })),
      );
    const found = await withExpiry(
      client,
      keys.map(({ key }) => key),
    );
    const kept = new Set(found.filter(isOwn).map(({ key }) => key));
    const lost = keys.filter(({ key }) => !kept.has(key));
    this.#forget([...new Set(lost.map(({ written }) => written))]);
  }

  #forget(these: Parameters<Ledger["forget"]>[0]): void {
    const forgotten = this.#options.ledger.forget(these);
    if (forgotten.length > 0) this.#options.onForgotten(forgotten);
  }
}
