/** Reads of a running Argo CD how its redis is reached. */
import { UserError } from "../../errors.js";
import { ConfigMap, Deployment, type PodRunner, Secret, StatefulSet } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { Kind } from "../../kube/object.js";
import type { RedisAccess } from "./access.js";
import type { KeyRef, TextSource, Texts } from "./container-env.js";
import { type RouteOptions, routeTo } from "./route.js";
import { passwordPlace, secretsFrom } from "./secrets.js";
import { objectsForSettings, redisSettingsFrom } from "./settings.js";

/**
 * How the redis of the running Argo CD is reached at this time. To be asked before each connection, since passwords change
 * and Argo CDs are upgraded.
 *
 * @throws UserError when no Argo CD runs here, its Secrets must not be read, or no way leads to its redis
 */
export async function readRedisAccess(options: RouteOptions): Promise<RedisAccess> {
  const { kube, namespace } = options;
  const runners = await listRunners(kube, namespace);
  const kept = { configMaps: new Map<string, Texts>(), secrets: new Map<string, Texts>() };
  await readObjects(kube, namespace, objectsForSettings(runners), kept);
  const settings = redisSettingsFrom({ runners, ...kept });
  if (!settings) {
    throw new UserError(`Cannot find Argo CD's redis: no Argo CD runs in ${namespace}`, {
      hint: "Name the namespace of Argo CD with -N",
    });
  }
  const { credentials, db, compression, treeShardSize } = settings;
  const { ca, cert, key } = settings.tls ?? {};
  await readObjects(kube, namespace, [...Object.values(credentials), ca, cert, key].filter(isKey), kept);
  const { login, sentinelLogin, tls, unreadable } = secretsFrom(settings, kept);
  return {
    ...(await routeTo(settings, options, { tls, sentinelLogin })),
    db,
    login,
    sentinelLogin,
    passwordFrom: passwordPlace(settings, namespace),
    unreadable,
    compression,
    treeShardSize,
  };
}

async function listRunners(kube: Kube, namespace: string): Promise<PodRunner[]> {
  const runners: PodRunner[] = [];
  for (const kind of [Deployment, StatefulSet])
    for await (const page of kube.list(kind, { namespace }))
      runners.push(...page.map((runner) => ({ ...runner, kind: kind.kind })));
  return runners;
}

const kinds: Readonly<Record<KeyRef["kind"], Kind<ConfigMap | Secret>>> = { ConfigMap, Secret };

/** Adds what is not kept yet; of an object that does not exist nothing. */
async function readObjects(
  kube: Kube,
  namespace: string,
  refs: readonly KeyRef[],
  kept: { configMaps: Map<string, Texts>; secrets: Map<string, Texts> },
): Promise<void> {
  const storeOf = (kind: KeyRef["kind"]) => (kind === "ConfigMap" ? kept.configMaps : kept.secrets);
  const unread = refs.filter(({ kind, name }) => name !== "" && !storeOf(kind).has(name));
  const objects = new Map(unread.map((ref) => [`${ref.kind}/${ref.name}`, ref]));
  await Promise.all(
    [...objects.values()].map(async ({ kind, name }) => {
      const object = await kube.find(kinds[kind], { namespace, name });
      if (object) storeOf(kind).set(name, kind === "Secret" ? decoded(object.data) : (object.data ?? {}));
    }),
  );
}

function decoded(data: Readonly<Record<string, string>> = {}): Texts {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}

function isKey(source: TextSource | undefined): source is KeyRef {
  return source !== undefined && "key" in source;
}
