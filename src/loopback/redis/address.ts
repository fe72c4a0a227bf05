/** Where redis is, as Argo CD and people write it. Pure. */
import { isIP } from "node:net";
import { type UserError, usageError } from "../../errors.js";

export interface RedisAddress {
  host: string;
  port: number;
}

/** Reads "argocd-redis:6379", "[::1]:6379" and "argocd-redis"; undefined for anything else. */
export function parseAddress(text: string): RedisAddress | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? 6379);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/**
 * The value of flamingo's own `--redis`.
 *
 * @throws UserError with exit code 2; it does not repeat the value, which may hold a password
 */
export function parseRedisFlag(text: string): RedisAddress {
  const address = parseAddress(text);
  if (address) return address;
  throw wrongFlag(
    text.includes("@")
      ? "--redis takes no user name and no password"
      : text.includes("://")
        ? "--redis takes an address without a scheme"
        : "--redis takes HOST:PORT",
  );
}

function wrongFlag(message: string): UserError {
  return usageError(
    message,
    "Write it as --redis HOST:PORT; password and TLS are read from where Argo CD has them",
  );
}

/** As it stands in sentences: without the port that redis has as a rule. */
export function describeAddress({ host, port }: RedisAddress): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return port === 6379 ? name : `${name}:${port}`;
}

/** A Service as a host name means it. */
export interface ServiceName {
  namespace: string;
  service: string;
  /** false: "redis.example" may be a Service or a host on the internet */
  isCertain: boolean;
}

/**
 * The Service that Pods of this namespace reach by a host name; undefined when it can be none.
 *
 * @example serviceNamed("argocd-redis", "argocd") // { namespace: "argocd", service: "argocd-redis", isCertain: true }
 * @example serviceNamed("redis.data.svc.cluster.local", "argocd") // { namespace: "data", service: "redis", … }
 */
export function serviceNamed(host: string, namespace: string): ServiceName | undefined {
  const [service = "", other, svc] = host.replace(/\.$/, "").split(".");
  if (isIP(host) !== 0 || service === "") return undefined;
  if (other === undefined) return { namespace, service, isCertain: true };
  if (svc === "svc") return { namespace: other, service, isCertain: true };
  return svc === undefined ? { namespace: other, service, isCertain: false } : undefined;
}

/** Whether a host is the machine, or the Pod, that asks. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
