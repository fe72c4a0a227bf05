/**
 * The flags by which Argo CD's components are told of redis (`AddCacheFlagsToCmd` of util/cache; Argo CD 2.2 to 3.5). Those
 * with a prefix (`--repo-server-redis`) are of another redis, which holds no trees.
 */
import type { Container } from "../../kube/kinds.js";

const valued = [
  "redis",
  "redisdb",
  "sentinel",
  "sentinelmaster",
  "redis-compress",
  "redis-ca-certificate",
  "redis-client-certificate",
  "redis-client-key",
] as const;

const switches = ["redis-use-tls", "redis-insecure-skip-tls-verify"] as const;

export interface RedisFlags {
  /** the last one counts, except of `sentinel` */
  values: Partial<Record<(typeof valued)[number], string>>;
  sentinels: string[];
  isOn: Record<(typeof switches)[number], boolean>;
}

/** @param expand what the kubelet makes of a word with variables in it */
export function redisFlagsOf(
  { command = [], args = [] }: Container,
  expand: (word: string) => string,
): RedisFlags {
  const words = [...command, ...args].flatMap(wordsIn).map(expand);
  const flags: RedisFlags = {
    values: {},
    sentinels: [],
    isOn: { "redis-use-tls": false, "redis-insecure-skip-tls-verify": false },
  };
  words.forEach((word, index) => {
    const [, name, inline] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    const isSwitch = switches.find((candidate) => candidate === name);
    if (isSwitch) flags.isOn[isSwitch] = !/^(0|f|false)$/i.test(inline ?? "");
    const isValued = valued.find((candidate) => candidate === name);
    const value = inline ?? words[index + 1];
    if (!isValued || value === undefined) return;
    if (isValued === "sentinel") flags.sentinels.push(value);
    else flags.values[isValued] = value;
  });
  return flags;
}

/** A script for a shell is one word to Kubernetes. */
function wordsIn(word: string): string[] {
  return /\s/.test(word)
    ? word
        .replaceAll(/["'\\]/g, " ")
        .split(/\s+/)
        .filter(Boolean)
    : [word];
}
