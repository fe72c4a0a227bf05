/** How a running Argo CD is told to reach its redis. */
import { readArgoImage, releaseIn } from "../../argo/image.js";
import { roleOf } from "../../argo/installed/role.js";
import { argoHas } from "../../argo/versions.js";
import { UserError } from "../../errors.js";
import {
  environmentOf,
  expand,
  type KeptTexts,
  objectsBehind,
  type TextSource,
  textOf,
} from "../../kube/container/env.js";
import type { Container, PodRunner, Volume } from "../../kube/kinds.js";
import { parseAddress, type RedisAddress } from "./address.js";
import { type RedisFlags, redisFlagsOf } from "./flags.js";
import { mountedFile } from "./mounted-file.js";

export interface RedisSettings {
  /** whose settings these are: "Deployment argocd-server" */
  toldTo: string;
  address: RedisAddress | Sentinels;
  db: number;
  /** only where they stand; what is not here is not used */
  credentials: Partial<Record<Credential, TextSource>>;
  /** the credentials are files, of which Argo CD cuts off the white space around */
  areFiles: boolean;
  tls?: RedisTls;
  compression: "gzip" | "none";
  /** see `CacheForm` */
  keyPrefix: string;
  treeShardSize: number;
}

export interface Sentinels {
  sentinels: RedisAddress[];
  /** the name of the group whose master holds the data */
  master: string;
}

export interface RedisTls {
  /** any certificate will do */
  insecure: boolean;
  ca?: TextSource;
  cert?: TextSource;
  key?: TextSource;
}

export type Credential = "username" | "password" | "sentinelUsername" | "sentinelPassword";

export interface RedisEvidence extends KeptTexts {
  /** the Deployments and StatefulSets of Argo CD's namespace */
  runners: readonly PodRunner[];
}

/** Of variables (`AddCacheFlagsToCmd` of util/cache, util/cache/appstate; Argo CD 2.2 to 3.6). */
const variable = {
  address: "REDIS_SERVER",
  sentinels: "REDIS_SENTINEL_HOSTS",
  master: "REDIS_SENTINEL_MASTER",
  db: "REDISDB",
  compression: "REDIS_COMPRESSION",
  keyPrefix: "ARGOCD_REDIS_KEY_PREFIX",
  treeShardSize: "ARGOCD_APPLICATION_TREE_SHARD_SIZE",
  /** of a folder with a file for each (in Argo CD 3.5, not in 2.14); where it is set, the variables below do not count */
  credentialsFolder: "REDIS_CREDS_DIR_PATH",
} as const;

const credentials: Readonly<Record<Credential, { variable: string; file: string }>> = {
  username: { variable: "REDIS_USERNAME", file: "auth_username" },
  password: { variable: "REDIS_PASSWORD", file: "auth" },
  sentinelUsername: { variable: "REDIS_SENTINEL_USERNAME", file: "sentinel_username" },
  sentinelPassword: { variable: "REDIS_SENTINEL_PASSWORD", file: "sentinel_auth" },
};

/** `DefaultRedisAddr` of Argo CD's common package. */
const defaultAddress = "argocd-redis:6379";

/** ConfigMaps and Secrets to be read for {@link redisSettingsFrom}. Those of passwords and certificates are not among them. */
export function objectsForSettings(runners: readonly PodRunner[]) {
  const names = new Set<string>(Object.values(variable));
  return [telling(runners), running("application-controller", runners)].flatMap((part) =>
    part ? objectsBehind(part.container, names) : [],
  );
}

/**
 * How Argo CD's server is told to reach redis, since it must find there what flamingo writes; where there is none (core
 * installs), the application-controller. Undefined where neither runs.
 *
 * @throws UserError for an address that is none
 */
export function redisSettingsFrom(evidence: RedisEvidence): RedisSettings | undefined {
  const part = telling(evidence.runners);
  if (!part) return undefined;
  const { runner, container } = part;
  const toldTo = `${runner.kind} ${runner.metadata.name}`;
  const env = environmentOf(container, evidence);
  const flags = redisFlagsOf(container, (word) => expand(word, env, evidence));
  const told = (name: keyof typeof variable) => textOf(env.get(variable[name]), evidence) || undefined;
  const folder = told("credentialsFolder");
  const file = (path: string) => mountedFile(path, container, volumesOf(runner));
  const version = releaseIn(readArgoImage(container.image ?? ""));
  const compression = flags.values["redis-compress"] ?? told("compression");
  return {
    toldTo,
    address: addressOf(sentinelsOf(flags, told, version), flags.values.redis ?? told("address"), toldTo),
    db: numberIn(flags.values.redisdb ?? told("db"), 2 ** 31 - 1),
    credentials: Object.fromEntries(
      Object.entries(credentials).flatMap(([name, at]) => {
        const source = folder === undefined ? env.get(at.variable) : file(`${folder}/${at.file}`);
        return source ? [[name, source]] : [];
      }),
    ),
    areFiles: folder !== undefined,
    ...(flags.useTls ? { tls: tlsOf(flags, file) } : {}),
    compression: compressionOf(compression, version),
    keyPrefix: (argoHas("prefixesKeys", version) && told("keyPrefix")) || "",
    treeShardSize: shardSizeFrom(evidence, version),
  };
}

interface Part {
  runner: PodRunner;
  container: Container;
}

function telling(runners: readonly PodRunner[]): Part | undefined {
  return running("server", runners) ?? running("application-controller", runners);
}

function running(role: "server" | "application-controller", runners: readonly PodRunner[]): Part | undefined {
  return runners
    .flatMap((runner) =>
      (runner.spec?.template?.spec?.containers ?? []).map((container) => ({ runner, container })),
    )
    .find(({ container }) => roleOf(container) === role);
}

function volumesOf({ spec }: PodRunner): readonly Volume[] {
  return spec?.template?.spec?.volumes ?? [];
}

/** Flags about Sentinels win over variables, each for itself. */
function sentinelsOf(
  { sentinels, values: { sentinelmaster } }: RedisFlags,
  told: (name: "sentinels" | "master") => string | undefined,
  version: string | undefined,
): { hosts: string[]; master: string } {
  const variable = (name: "sentinels" | "master") =>
    argoHas("sentinelsByVariable", version) ? told(name) : undefined;
  const hosts = variable("sentinels")?.split(",") ?? [];
  return {
    hosts: sentinels.length > 0 ? sentinels : hosts,
    master: sentinelmaster ?? variable("master") ?? "master",
  };
}

function addressOf(
  sentinels: ReturnType<typeof sentinelsOf>,
  server: string | undefined,
  toldTo: string,
): RedisSettings["address"] {
  const parse = (text: string) => {
    const address = parseAddress(text);
    if (address) return address;
    // not repeated: somebody may have put a password into it
    throw new UserError(`Cannot tell where Argo CD's redis is: what ${toldTo} is told is no HOST:PORT`, {
      hint: "Look at its --redis and --sentinel, REDIS_SERVER, REDIS_SENTINEL_HOSTS, and redis.server of argocd-cmd-params-cm",
    });
  };
  if (sentinels.hosts.length > 0) return { sentinels: sentinels.hosts.map(parse), master: sentinels.master };
  return parse(server || defaultAddress);
}

function tlsOf(
  { values, insecureSkipTlsVerify }: RedisFlags,
  file: (path: string) => TextSource | undefined,
): RedisTls {
  const paths = {
    ca: values["redis-ca-certificate"],
    cert: values["redis-client-certificate"],
    key: values["redis-client-key"],
  };
  return {
    insecure: insecureSkipTlsVerify,
    ...Object.fromEntries(
      Object.entries(paths).flatMap(([part, path]) => (path ? [[part, file(path) ?? { file: path }]] : [])),
    ),
  };
}

function compressionOf(told: string | undefined, version: string | undefined): "gzip" | "none" {
  if (told === "gzip" || told === "none") return told;
  return argoHas("compressesCache", version) ? "gzip" : "none";
}

/** Of the controller, which alone writes trees. */
function shardSizeFrom(evidence: RedisEvidence, version: string | undefined): number {
  const controller = running("application-controller", evidence.runners);
  if (!controller || !argoHas("splitsTrees", version)) return 0;
  const env = environmentOf(controller.container, evidence);
  return numberIn(textOf(env.get(variable.treeShardSize), evidence), 1000);
}

/** As Argo CD reads numbers (`ParseNumFromEnv`): what is none, or too large, is 0. */
function numberIn(text: string | undefined, largest: number): number {
  const number = /^\d+$/.test(text ?? "") ? Number(text) : 0;
  return number > largest ? 0 : number;
}
