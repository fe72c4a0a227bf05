import type { KubeObject } from "../kube/object.js";
import { groupOf, versionOf } from "../kube/object-id.js";

/** What others need comes first (kustomize `api/internal/builtins/SortOrderTransformer.go`). */
const first = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];
const last = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

const ranks = new Map([
  ...first.map((kind, index) => [kind, index - first.length] as const),
  ...last.map((kind, index) => [kind, index + 1] as const),
]);

/** The objects in the order in which `kustomize build` prints them when it is told `sortOptions: {order: legacy}`. */
export function inLegacyOrder(objects: readonly KubeObject[]): KubeObject[] {
  const keyed = objects.map((object) => ({ object, rank: ranks.get(object.kind) ?? 0, key: keyOf(object) }));
  keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
  return keyed.map(({ object }) => object);
}

/** What has no group, or is in no namespace, sorts behind everything else. */
function keyOf({ apiVersion, kind, metadata: { namespace = "~X", name } }: KubeObject): string {
  return `${groupOf(apiVersion) || "~G"}_${versionOf(apiVersion)}_${kind}|${namespace}|${name}`;
}
