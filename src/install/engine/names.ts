import type { ObjectMeta } from "../../kube/object.js";
import { label, managedByFlamingo } from "../../names.js";

/** Of everything of the engine that is in a namespace. */
export const engineName = "flamingo-loopback";

export const engineDeploymentName = engineName;

/** Whether the Lease is held by a Pod of the engine, whose host is called like the Pod, and the Pod after its Deployment. */
export function isEnginePod(holderIdentity: string): boolean {
  return holderIdentity.startsWith(`${engineDeploymentName}-`);
}

/** By which the Pods of the engine are selected. */
export const engineLabels = { "app.kubernetes.io/name": engineName };

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
