/** Which Applications each of several `flamingo loopback` reports that share those of one Argo CD. Pure. */
import { createHash } from "node:crypto";

/** One of `count` parts of the Applications, about equal ones; 1 of 1 is all of them. */
export interface Shard {
  /** from 1 to `count` */
  index: number;
  count: number;
}

export const onlyShard: Shard = { index: 1, count: 1 };

/** All that there are. */
export function shardsOf(count: number): Shard[] {
  return Array.from({ length: count }, (_, index) => ({ index: index + 1, count }));
}

/** "2/3"; undefined for what is none. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index <= shard.count ? shard : undefined;
}

/** As `--shard` takes it: "2/3". */
export function renderShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * The shard of an Application: by the first six bytes of the sha256 of "NAMESPACE/NAME", which stays the same whatever is in it.
 *
 * @param application of `namespacedName()`
 */
export function shardOf(application: string, count: number): Shard {
  if (count === 1) return onlyShard;
  const hash = createHash("sha256").update(application).digest();
  return { index: (hash.readUIntBE(0, 6) % count) + 1, count };
}

/** @param application of `namespacedName()` */
export function isInShard(application: string, { index, count }: Shard): boolean {
  return shardOf(application, count).index === index;
}
