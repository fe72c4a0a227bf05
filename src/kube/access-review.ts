import type { Kube } from "./kube.js";
import type { Kind, KubeObject } from "./object.js";
import { resourceName } from "./resource.js";

/** What somebody wants to do: "create Deployments in argocd". */
export interface Act {
  verb: string;
  kind: Kind;
  /** in all of them, or for cluster-scoped kinds, when not given */
  namespace?: string | undefined;
}

/** SelfSubjectAccessReview, authorization.k8s.io/v1: everybody may ask. */
interface Review extends KubeObject {
  spec: {
    resourceAttributes: { verb: string; group: string; resource: string; namespace?: string | undefined };
  };
  status?: { allowed: boolean; reason?: string };
}

const SelfSubjectAccessReview: Kind<Review> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectAccessReview",
  plural: "selfsubjectaccessreviews",
};

/** Whether whoever runs this may do it. */
export async function mayI(kube: Kube, { verb, kind, namespace }: Act): Promise<boolean> {
  const { status } = await kube.create(SelfSubjectAccessReview, {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    metadata: {} as Review["metadata"],
    spec: { resourceAttributes: { verb, group: kind.group, resource: kind.plural, namespace } },
  });
  return status?.allowed === true;
}

/** As one types it: "kubectl auth can-i create deployments.apps -n argocd" */
export function canI({ verb, kind, namespace }: Act): string {
  return `kubectl auth can-i ${verb} ${resourceName(kind)}${namespace === undefined ? "" : ` -n ${namespace}`}`;
}
