import type { Secret } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { inClusterName, inClusterServer } from "../names.js";

/** What an Argo CD of one namespace needs besides its own manifests: that namespace alone as its cluster, and the rights there. */
export function tenantObjects(namespace: string): KubeObject[] {
  return [clusterSecret(namespace), reconciler(namespace)];
}

function clusterSecret(namespace: string): Secret & { type: string; stringData: Record<string, string> } {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      annotations: { "managed-by": "argocd.argoproj.io" },
      labels: { "argocd.argoproj.io/secret-type": "cluster" },
      name: "cluster-kubernetes.default.svc",
      namespace,
    },
    stringData: {
      config: JSON.stringify({ tlsClientConfig: { insecure: false } }),
      name: inClusterName,
      namespaces: namespace,
      server: inClusterServer,
    },
    type: "Opaque",
  };
}

/** Who may do everything in the namespace, as the Go CLI has it: patched images write Flux objects there. */
function reconciler(namespace: string): KubeObject {
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: {
      labels: { "toolkit.fluxcd.io/tenant": namespace },
      name: "flamingo-reconciler",
      namespace,
    },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: "argocd-application-controller", namespace }],
  };
  return binding;
}
