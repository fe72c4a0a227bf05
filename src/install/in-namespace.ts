import { ClusterRole, ClusterRoleBinding, CustomResourceDefinition, Namespace } from "../kube/kinds.js";
import type { Kind, KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";

/** The kinds of Argo CD's manifests that are in no namespace. */
const clusterScoped: readonly Kind[] = [Namespace, CustomResourceDefinition, ClusterRole, ClusterRoleBinding];

interface Binding extends KubeObject {
  subjects?: Subject[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/**
 * An object of Argo CD's manifests as it is in another namespace than `argocd`: what kustomize's NamespaceTransformer makes of
 * it with `setRoleBindingSubjects: allServiceAccounts`. A plain `namespace:` would leave the ClusterRoleBindings to accounts in
 * `argocd`, and the Argo CD without cluster-wide rights.
 */
export function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const bound = withSubjects(object, namespace);
  if (clusterScoped.some((kind) => isOfKind(object, kind))) return bound;
  return { ...bound, metadata: { ...bound.metadata, namespace } };
}

function withSubjects(object: KubeObject, namespace: string): KubeObject {
  const { subjects } = object as Binding;
  if (!subjects) return object;
  const moved = subjects.map((one) => (one.kind === "ServiceAccount" ? { ...one, namespace } : one));
  return { ...object, subjects: moved } as Binding;
}
