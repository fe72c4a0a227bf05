import { setTimeout as sleep } from "node:timers/promises";
import { allOf } from "../../src/kube/all-of.js";
import { isNotServed } from "../../src/kube/failure.js";
import type { LiveObject } from "../../src/kube/object.js";
import { idOf, keyOf } from "../../src/kube/object-id.js";
import { servedKinds } from "../../src/kube/served-kinds.js";
import type { TestCluster } from "../cluster/cluster.js";
import { kubeOf } from "../survey/kube-of.js";

/** What API servers write by themselves, over and over. */
const restless = new Set(["Lease", "Event", "APIService", "IPAddress"]);

/** Everything in a cluster, by `keyOf()`, byte for byte but for resourceVersions. */
export async function everythingIn(cluster: TestCluster): Promise<Record<string, string>> {
  const kube = kubeOf(cluster);
  const kinds = (await servedKinds(kube)).filter(({ kind }) => !restless.has(kind));
  const lists = await Promise.all(kinds.map((kind) => allOf(kube.list(kind)).catch(noneOfAKindThatGoes)));
  return Object.fromEntries(
    lists.flat().map((object) => {
      const { resourceVersion, ...metadata } = object.metadata;
      return [keyOf(idOf(object)), JSON.stringify({ ...object, metadata })];
    }),
  );
}

/** Discovery still knows it a moment after its CRD went. */
function noneOfAKindThatGoes(error: unknown): LiveObject[] {
  if (isNotServed(error)) return [];
  throw error;
}

/** What differs between two such moments: "- apps/Deployment/argocd/argocd-server", "+ …", "~ …". */
export function changesBetween(before: Record<string, string>, after: Record<string, string>): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) => `${before[key] === undefined ? "+" : after[key] === undefined ? "-" : "~"} ${key}`);
}

/**
 * Does what Kubernetes' controllers would, which do not run here: the garbage collector lets go what is deleted in the foreground,
 * and a namespace that is being deleted ends with all that is in it.
 *
 * @returns ends it
 */
export function playControllers(cluster: TestCluster): () => Promise<void> {
  let isOver = false;
  const playing = (async () => {
    while (!isOver) {
      for (const kind of ["Deployment", "StatefulSet"])
        for (const object of await cluster.list("apps/v1", kind)) await collect(cluster, object);
      for (const { metadata } of await cluster.list("v1", "Namespace"))
        if (metadata.deletionTimestamp !== undefined) await finalize(cluster, metadata.name);
      await sleep(50);
    }
  })();
  return async () => {
    isOver = true;
    await playing;
  };
}

async function collect(cluster: TestCluster, object: LiveObject): Promise<void> {
  if (object.metadata.deletionTimestamp === undefined) return;
  await cluster.change(object, { metadata: { finalizers: null } }).catch(() => {});
}

async function finalize(cluster: TestCluster, name: string): Promise<void> {
  const kube = kubeOf(cluster);
  for (const kind of await servedKinds(kube)) {
    if (!kind.namespaced) continue;
    const left = await allOf(kube.list(kind, { namespace: name, metadataOnly: true })).catch(
      noneOfAKindThatGoes,
    );
    for (const { metadata } of left) await kube.delete(kind, { name: metadata.name, namespace: name });
  }
  const { body } = await cluster.request("GET", `/api/v1/namespaces/${name}`);
  await cluster.request("PUT", `/api/v1/namespaces/${name}/finalize`, {
    ...(body as object),
    spec: { finalizers: [] },
  });
}
