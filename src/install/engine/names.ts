import { leaseNameOf, shardNamed } from "../../argo/loopback-lease.js";
import type { Shard } from "../../argo/shard.js";
import { Deployment } from "../../kube/kinds.js";
import type { ObjectMeta } from "../../kube/object.js";
import { groupKindOf, type ObjectId } from "../../kube/object-id.js";
import { label, managedByFlamingo } from "../../names.js";

/** Of everything of the engine that is in a namespace. */
export const engineName = "flamingo-loopback";

/** As its Lease is called: "flamingo-loopback", of a shard "flamingo-loopback-2-of-3". */
export function engineDeploymentName(shard: Shard): string {
  return leaseNameOf(shard);
}

/** A Deployment of the engine, of whatever shard. */
export function isEngine({ group, kind, name }: ObjectId): boolean {
  return groupKindOf({ group, kind }) === groupKindOf(Deployment) && shardNamed(name) !== undefined;
}

/** Whether the Lease is held by a Pod of the engine, whose host is called like the Pod, and the Pod after its Deployment. */
export function isEnginePod(holderIdentity: string): boolean {
  return holderIdentity.startsWith(`${engineName}-`);
}

/** By which the Pods of the engine are selected. */
export const engineLabels = { "app.kubernetes.io/name": engineName };

/** By which its Deployments are found, too. */
export const engineSelector = `app.kubernetes.io/name=${engineName}`;

/** By which those of one shard are. */
export function shardLabels({ index, count }: Shard): Record<string, string> {
  return count === 1 ? engineLabels : { ...engineLabels, [label.shard]: `${index}-of-${count}` };
}

/** What is in no namespace, or in another one, says which Argo CD it is for: "flamingo-loopback-argocd". */
export function clusterWideName(namespace: string): string {
  return `${engineName}-${namespace}`;
}

/** Never `app.kubernetes.io/part-of: argocd`, by which Argo CD finds its own settings and Pods. */
export function metadataOf(name: string, namespace?: string): ObjectMeta {
  const labels = { ...engineLabels, [label.managedBy]: managedByFlamingo };
  return { name, ...(namespace === undefined ? {} : { namespace }), labels };
}

/** As whom the API server knows it. */
export function engineUsername(namespace: string): string {
  return `system:serviceaccount:${namespace}:${engineName}`;
}
