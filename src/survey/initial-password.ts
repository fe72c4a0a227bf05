import { setTimeout as sleep } from "node:timers/promises";
import {
  hashPlace,
  type InitialPassword,
  initialPassword,
  initialPlace,
  operatorPlace,
} from "../argo/installed/initial-password.js";
import { ArgoCd } from "../argo/installed/owner.js";
import { allOf } from "../kube/all-of.js";
import { isForbidden } from "../kube/failure.js";
import { ConfigMap, Secret } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { permitted } from "../kube/permitted.js";

/**
 * The initial password of an Argo CD, or why there is none.
 *
 * @param namespace where it runs
 * @throws UserError when the Secret that holds it may not be read
 */
export async function readInitialPassword(kube: Kube, namespace: string): Promise<InitialPassword> {
  const secret = (name: string) => kube.find(Secret, { namespace, name });
  const [initial, hashed, settings, operated] = await Promise.all([
    secret(initialPlace.secret),
    permitted(secret(hashPlace.secret)),
    permitted(kube.find(ConfigMap, { namespace, name: "argocd-cm" })),
    permitted(allOf(kube.list(ArgoCd, { namespace }))),
  ]);
  const name = operated.found?.[0]?.metadata.name;
  return initialPassword({
    namespace,
    initial,
    hashed: hashed.found,
    settings: settings.found,
    operated: name === undefined ? undefined : { name, secret: await secret(operatorPlace(name).secret) },
    unknown: { hashed: hashed.unknown, settings: settings.unknown },
  });
}

/** How long it takes to look again where nothing tells of a change. */
const lookAgainMs = 2000;

/**
 * Ends as soon as one of the places that are awaited has its key, or a signal is aborted; after a while without the right to watch
 * the first of them, or to list it, with which a watch begins.
 */
export async function untilDecided(
  kube: Pick<Kube, "watch">,
  namespace: string,
  { places }: Extract<InitialPassword, { state: "awaited" }>,
  signal: AbortSignal,
): Promise<void> {
  const end = new AbortController();
  const watches = places.map(async ({ secret: name, key }, index) => {
    for await (const event of kube.watch(Secret, { namespace, name, signal: end.signal })) {
      if (event.type === "set" && event.object.data?.[key]) end.abort();
      if (event.type === "unavailable" && isForbidden(event.error)) {
        if (index > 0) return;
        await sleep(lookAgainMs, undefined, { signal }).catch(() => {});
        end.abort();
      }
    }
  });
  try {
    await Promise.all(watches);
  } finally {
    end.abort();
  }
}
