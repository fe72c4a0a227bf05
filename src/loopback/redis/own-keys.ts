/** Which keys in redis are flamingo's, and which of those are to go. Pure. */
import type { CacheForm } from "./entry.js";

/** All that `redisEntries()` writes begin with one of these, behind the prefix of keys. */
export const ownBeginnings = ["app|resources-tree|", "app|managed-resources|"];

export interface FoundKey {
  key: string;
  /** as PTTL answers: -1 never, -2 gone meanwhile */
  expiresInMs: number;
}

/** Keys that expire are Argo CD's own: the controller always says when. */
export function isOwn({ expiresInMs }: FoundKey): boolean {
  return expiresInMs === -1;
}

interface KeyParts {
  instance: string;
  /** 0 for the first, or only, piece of a tree and for managed resources */
  shard: number;
  version: string;
  gzip: boolean;
}

/** Reads "app|resources-tree|team-a_web|2|1.8.3.gz" behind its prefix. */
export function parseKey(key: string, { keyPrefix }: Pick<CacheForm, "keyPrefix">): KeyParts | undefined {
  const match = /^app\|(?:resources-tree|managed-resources)\|([^|]+)(?:\|(\d+))?\|([^|]+?)(\.gz)?$/.exec(
    key.slice(keyPrefix.length),
  );
  const [, instance, shard = "0", version, gz] = match ?? [];
  if (instance === undefined || version === undefined) return undefined;
  return { instance, shard: Number(shard), version, gzip: gz !== undefined };
}

/**
 * What an earlier flamingo left behind.
 *
 * @returns the keys of Applications that are gone or in another form, to be removed; and of each other one how many pieces
 * its tree has
 */
export function sortLeftBehind(
  found: readonly FoundKey[],
  live: ReadonlySet<string>,
  form: Pick<CacheForm, "keyPrefix" | "version" | "gzip">,
): { orphans: string[]; shards: Map<string, number> } {
  const orphans: string[] = [];
  const shards = new Map<string, number>();
  for (const one of found) {
    const parts = isOwn(one) ? parseKey(one.key, form) : undefined;
    if (!parts) continue;
    const { instance, shard, version, gzip } = parts;
    if (live.has(instance) && version === form.version && gzip === form.gzip)
      shards.set(instance, Math.max(shards.get(instance) ?? 1, shard + 1));
    else orphans.push(one.key);
  }
  return { orphans, shards };
}
