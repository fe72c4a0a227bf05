/** Questions to redis of more than one command. */
import type { ChainableCommander, Redis } from "ioredis";
import { type CacheForm, cacheFormOf, isSameValue, type RedisEntry } from "./entry.js";
import { type FoundKey, isOwn } from "./own-keys.js";

/** In one round trip; redis answers nobody else meanwhile. */
const atOnce = 1000;

/**
 * All keys that begin with that. Never KEYS, which keeps redis busy until it has looked at everything.
 *
 * @param beginning as it stands, whatever a pattern of redis would mean by it
 */
export async function findKeys(client: Redis, beginning: string): Promise<string[]> {
  const pattern = `${beginning.replace(/[*?[\]\\^-]/g, "\\$&")}*`;
  // a key may be told twice
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const [next, page] = await client.scan(cursor, "MATCH", pattern, "COUNT", atOnce);
    for (const key of page) keys.add(key);
    cursor = next;
  } while (cursor !== "0");
  return [...keys];
}

export async function withExpiry(client: Redis, keys: readonly string[]): Promise<FoundKey[]> {
  const found: FoundKey[] = [];
  for (let start = 0; start < keys.length; start += atOnce) {
    const some = keys.slice(start, start + atOnce);
    const pipeline = client.pipeline();
    for (const key of some) pipeline.pttl(key);
    const answers = await resultsOf(pipeline);
    found.push(...some.map((key, index) => ({ key, expiresInMs: Number(answers[index]) })));
  }
  return found;
}

/** Those of them that flamingo wrote: what Argo CD has written in their place expires, and is left to it. */
export async function removeOwnKeys(client: Redis, keys: readonly string[]): Promise<void> {
  const own = (await withExpiry(client, keys)).filter(isOwn).map(({ key }) => key);
  for (let start = 0; start < own.length; start += atOnce)
    await client.del(...own.slice(start, start + atOnce));
}

/** Whether redis has what these say, written by flamingo. */
export async function hasEntries(
  client: Redis,
  entries: readonly RedisEntry[],
  form: CacheForm,
): Promise<boolean> {
  const pipeline = client.pipeline();
  for (const { key } of entries) pipeline.pttl(key).getBuffer(key);
  const answers = await resultsOf(pipeline);
  return entries.every(({ key, value }, index) => {
    const [expiresInMs, there] = answers.slice(index * 2, index * 2 + 2);
    if (!isOwn({ key, expiresInMs: Number(expiresInMs) })) return false;
    return there instanceof Buffer && isSameValue(value, there, form);
  });
}

export interface SeenForm {
  form: Pick<CacheForm, "version" | "gzip">;
  /** that of which the form was read */
  key: string;
}

/**
 * How the application-controller of these keys writes at this time: the form of the key that it wrote last. There may be two forms for ten
 * minutes after it has changed. Undefined where it has written nothing.
 */
export async function findForm(client: Redis, keyPrefix: string): Promise<SeenForm | undefined> {
  const found = await withExpiry(client, await findKeys(client, `${keyPrefix}cluster|info|`));
  const [last] = found.sort((a, b) => b.expiresInMs - a.expiresInMs);
  const form = last && cacheFormOf(last.key.slice(keyPrefix.length));
  return form && { form, key: last.key };
}

/**
 * Whether the controller still writes that key: at least once a minute, for ten minutes (`clusterinfoupdater.go`,
 * `clusterInfoCacheExpiration`; Argo CD 2.8 to 3.6).
 */
export async function isFresh(client: Redis, { key }: SeenForm): Promise<boolean> {
  return (await client.pttl(key)) > 8 * 60_000;
}

/** Another one after each start, and of each redis behind a Sentinel; undefined for a user who must not ask. */
export async function runIdOf(client: Redis): Promise<string | undefined> {
  try {
    return /^run_id:(\w+)/m.exec(await client.info("server"))?.[1];
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return undefined;
    throw error;
  }
}

/** The answers to all commands of a pipeline or transaction; the first error is thrown. */
export async function resultsOf(pipeline: ChainableCommander): Promise<unknown[]> {
  const results = (await pipeline.exec()) ?? [];
  return results.map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
