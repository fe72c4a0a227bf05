/** Reads of a running Argo CD how its redis is reached. */
import { UserError } from "../../errors.js";
import type { KeyRef, TextSource } from "../../kube/container/env.js";
import { readTexts } from "../../kube/container-texts.js";
import { Deployment, type PodRunner, StatefulSet } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { RedisAccess } from "./access.js";
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
  const told = await readTexts(kube, namespace, objectsForSettings(runners));
  const settings = redisSettingsFrom({ runners, ...told });
  if (!settings) {
    throw new UserError(`Cannot find Argo CD's redis: no Argo CD runs in ${namespace}`, {
      hint: "Name the namespace of Argo CD with -N",
    });
  }
  const { credentials, db, compression, keyPrefix, treeShardSize } = settings;
  const { ca, cert, key } = settings.tls ?? {};
  const secret = [...Object.values(credentials), ca, cert, key].filter(isKey);
  const kept = await readTexts(kube, namespace, secret, told);
  const { login, sentinelLogin, tls, unreadable } = secretsFrom(settings, kept);
  return {
    ...(await routeTo(settings, options, { tls, sentinelLogin })),
    db,
    login,
    sentinelLogin,
    passwordFrom: passwordPlace(settings, namespace),
    unreadable,
    compression,
    keyPrefix,
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

function isKey(source: TextSource | undefined): source is KeyRef {
  return source !== undefined && "key" in source;
}
