import { shardNamed } from "../argo/loopback-lease.js";
import { allOf } from "../kube/all-of.js";
import { Deployment } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";
import type { Kind, KubeObject } from "../kube/object.js";
import { groupKindOf, idOf, idOfKey, keyOf, objectId, renderId } from "../kube/object-id.js";
import { label, managedByFlamingo } from "../names.js";
import { engineLabels, isEngine } from "./engine/names.js";
import type { EngineWish } from "./engine/wish.js";
import { ServiceMonitor } from "./engine-place.js";
import type { Origin } from "./record.js";

/** What an earlier install made for an engine, and this one no longer wants. */
export interface Former {
  object: KubeObject;
  kind: Kind;
  /** "Deployment flamingo-loopback in argocd goes: it is for another number of shards" */
  says: string;
}

/** Deployments of the engine for another number of shards than is wished for: as long as they run, the new ones wait for them. */
export async function formerEngines(
  reader: Reader,
  { namespace, shards }: Pick<EngineWish, "namespace" | "shards">,
): Promise<Former[]> {
  const labels = `${label.managedBy}=${managedByFlamingo}`;
  const deployments = await allOf(reader.list(Deployment, { namespace, labels }));
  return deployments
    .filter((one) => isEngine(idOf(one)) && shardNamed(one.metadata.name)?.count !== shards)
    .map((object) => former(object, Deployment, "it is for another number of shards"));
}

const rbac = "rbac.authorization.k8s.io";
/** Of the objects of an engine, those that depend on where Argo CD looks, and on what was asked for. */
const narrow: readonly Kind[] = [
  { group: rbac, kind: "RoleBinding", plural: "rolebindings" },
  { group: rbac, kind: "Role", plural: "roles" },
  ServiceMonitor,
];

/**
 * Rights, and other objects of the engine, that nothing needs any more.
 *
 * @param wanted what is installed now
 * @param origins what the record says of the install before
 */
export async function unneeded(
  reader: Reader,
  wanted: readonly KubeObject[],
  origins: ReadonlyMap<string, Origin>,
): Promise<Former[]> {
  const kinds = new Map(narrow.map((kind) => [groupKindOf(kind), kind]));
  const keys = new Set(wanted.map((object) => keyOf(idOf(object))));
  const ours = Object.entries({ ...engineLabels, [label.managedBy]: managedByFlamingo });
  const found: Former[] = [];
  for (const [key, origin] of origins) {
    const id = idOfKey(key);
    const kind = kinds.get(groupKindOf(id));
    if (origin !== "created" || keys.has(key) || !kind) continue;
    const object = await reader.find(kind, id, { metadataOnly: true });
    const isOurs = ours.every(([name, value]) => object?.metadata.labels?.[name] === value);
    if (object && isOurs) found.push(former(object, kind, "nothing needs it any more"));
  }
  return found;
}

function former(object: KubeObject, kind: Kind, because: string): Former {
  return { object, kind, says: `${renderId(objectId(kind, object.metadata))} goes: ${because}` };
}
