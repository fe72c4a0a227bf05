/** What Argo CD's server reads from redis, and where (util/cache, util/cache/appstate; Argo CD 2.8 to 3.6). */
import { promisify } from "node:util";
import { gunzipSync, gzip as gzipInto } from "node:zlib";
import type { Application } from "../../argo/application.js";
import type { ApplicationTree, ResourceDiff } from "../../argo/application-tree.js";
import { breathe } from "../../breathe.js";

/** How this Argo CD writes its keys and values. */
export interface CacheForm {
  /** "1.8.3" */
  version: string;
  /** `redis.compression` is gzip, which is the default */
  gzip: boolean;
  /** before every key, but for the channels (`ARGOCD_REDIS_KEY_PREFIX`): where several Argo CDs share a redis */
  keyPrefix: string;
  /** nodes in one entry of a tree (`ARGOCD_APPLICATION_TREE_SHARD_SIZE`); 0: all in one */
  treeShardSize: number;
}

export interface RedisEntry {
  key: string;
  value: Buffer;
}

/** What Argo CD calls an Application in its keys: NAME in its own namespace, NAMESPACE_NAME elsewhere. */
export function instanceName({ metadata }: Application, argoNamespace: string): string {
  const { namespace = argoNamespace, name } = metadata;
  return namespace === argoNamespace ? name : `${namespace}_${name}`;
}

/** The Application of such a name, as `namespacedName()` writes it: names of Kubernetes have no "_". */
export function applicationOf(instance: string, argoNamespace: string): string {
  return instance.includes("_") ? instance.replace("_", "/") : `${argoNamespace}/${instance}`;
}

/**
 * Reads the form off a key that the application-controller always writes:
 * "cluster|info|https://kubernetes.default.svc|1.8.3.gz".
 *
 * @param key without its prefix
 */
export function cacheFormOf(key: string): Pick<CacheForm, "version" | "gzip"> | undefined {
  const match = /^cluster\|info\|.*\|([^|]+?)(\.gz)?$/.exec(key);
  return match?.[1] ? { version: match[1], gzip: match[2] !== undefined } : undefined;
}

/**
 * The entries of an Application. They are written in this order, and must stay as long as the Application does: without a tree
 * Argo CD's server waits for somebody to make one.
 */
export async function redisEntries(
  instance: string,
  content: { tree: ApplicationTree; managedResources: readonly ResourceDiff[] },
  form: CacheForm,
): Promise<RedisEntry[]> {
  const shards = shardsOf(content.tree, form.treeShardSize);
  const managed = await encode(await jsonOfAll(content.managedResources), form);
  const entries = [{ key: managedKey(instance, form), value: managed }];
  for (const [index, shard] of shards.entries()) {
    await breathe();
    const value = await encode(Buffer.from(JSON.stringify(shard)), form);
    entries.push({ key: treeKey(instance, index, form), value });
  }
  return entries;
}

/** The JSON of a list, which may be long, made item by item. */
async function jsonOfAll(items: readonly unknown[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (const item of items) {
    await breathe();
    pieces.push(Buffer.from(`${pieces.length === 0 ? "" : ","}${JSON.stringify(item)}`));
  }
  return Buffer.concat([Buffer.from("["), ...pieces, Buffer.from("]")]);
}

/**
 * A tree as it is compared with what was written before: how much of a machine is asked for changes with every Pod on it, and is
 * no reason to write.
 */
export function comparableTree<T extends Partial<ApplicationTree>>(tree: T): T {
  return tree.hosts ? { ...tree, hosts: tree.hosts.map(({ name }) => ({ name })) } : tree;
}

/** Whether two values of one key say the same. */
export function isSameValue(one: Buffer, other: Buffer, form: CacheForm): boolean {
  if (one.equals(other)) return true;
  try {
    const [a, b] = [one, other].map((value) => JSON.stringify(comparableTree(decode(value, form))));
    return a === b;
  } catch {
    // it is of another form, or of somebody else
    return false;
  }
}

/** The keys of an Application whose tree has so many shards: to be removed when it goes. */
export function redisKeys(instance: string, shards: number, form: CacheForm): string[] {
  const trees = Array.from({ length: Math.max(shards, 1) }, (_, index) => treeKey(instance, index, form));
  return [managedKey(instance, form), ...trees];
}

/** Where open pages listen for a new tree: without the prefix of keys. The message is empty. */
export function updateChannel(instance: string, { version }: CacheForm): string {
  return `app|managed-resources|${instance}|${version}`;
}

function managedKey(instance: string, form: CacheForm): string {
  return fullKey(`app|managed-resources|${instance}`, form);
}

function treeKey(instance: string, shard: number, form: CacheForm): string {
  return fullKey(`app|resources-tree|${instance}${shard > 0 ? `|${shard}` : ""}`, form);
}

function fullKey(key: string, { keyPrefix, version, gzip }: CacheForm): string {
  return `${keyPrefix}${key}|${version}${gzip ? ".gz" : ""}`;
}

const gzipped = promisify<Buffer, Buffer>(gzipInto);

async function encode(json: Buffer, { gzip }: CacheForm): Promise<Buffer> {
  return gzip ? await gzipped(json) : json;
}

function decode(value: Buffer, { gzip }: CacheForm): Partial<ApplicationTree> {
  return JSON.parse((gzip ? gunzipSync(value) : value).toString("utf8"));
}

/** The first says how many there are, when there are several. */
function shardsOf(
  tree: ApplicationTree,
  size: number,
): (Partial<ApplicationTree> & { shardsCount?: number })[] {
  const { nodes, orphanedNodes, hosts } = tree;
  if (size === 0) return [tree];
  const items = [
    ...nodes.map((item) => ({ nodes: [item] })),
    ...orphanedNodes.map((item) => ({ orphanedNodes: [item] })),
    ...hosts.map((item) => ({ hosts: [item] })),
  ];
  const shards: Partial<ApplicationTree>[] = [];
  for (let start = 0; start < items.length; start += size) {
    shards.push(joined(items.slice(start, start + size)));
  }
  const [first = {}, ...others] = shards;
  return [{ ...first, shardsCount: shards.length }, ...others];
}

function joined(parts: readonly Partial<ApplicationTree>[]): Partial<ApplicationTree> {
  const nodes = parts.flatMap((part) => part.nodes ?? []);
  const orphanedNodes = parts.flatMap((part) => part.orphanedNodes ?? []);
  const hosts = parts.flatMap((part) => part.hosts ?? []);
  return {
    ...(nodes.length > 0 ? { nodes } : {}),
    ...(orphanedNodes.length > 0 ? { orphanedNodes } : {}),
    ...(hosts.length > 0 ? { hosts } : {}),
  };
}
