/**
 * The flags by which Argo CD's components are told of redis (`AddCacheFlagsToCmd` of util/cache; Argo CD 2.2 to 3.6). Those
 * with a prefix (`--repo-server-redis`) are of another redis, which holds no trees.
 */
import { commandLineOf, isOn, valuesOf } from "../../kube/container/flags.js";
import type { Container } from "../../kube/kinds.js";

const valued = [
  "redis",
  "redisdb",
  "sentinelmaster",
  "redis-compress",
  "redis-ca-certificate",
  "redis-client-certificate",
  "redis-client-key",
] as const;

export interface RedisFlags {
  values: Partial<Record<(typeof valued)[number], string>>;
  sentinels: string[];
  useTls: boolean;
  insecureSkipTlsVerify: boolean;
}

/** @param expand what the kubelet makes of a word with variables in it */
export function redisFlagsOf(container: Container, expand: (word: string) => string): RedisFlags {
  const words = commandLineOf(container, expand);
  const values: RedisFlags["values"] = {};
  for (const flag of valued) {
    const value = valuesOf(flag, words).at(-1);
    if (value !== undefined) values[flag] = value;
  }
  return {
    values,
    sentinels: valuesOf("sentinel", words),
    useTls: isOn("redis-use-tls", words) ?? false,
    insecureSkipTlsVerify: isOn("redis-insecure-skip-tls-verify", words) ?? false,
  };
}
