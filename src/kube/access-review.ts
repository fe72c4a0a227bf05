import type { Access } from "./asked.js";
import type { Kube } from "./kube.js";
import type { Kind, KubeObject } from "./object.js";
import { resourceName } from "./resource.js";

/** SelfSubjectAccessReview, authorization.k8s.io/v1: everybody may ask. */
interface Review extends KubeObject {
  spec: {
    resourceAttributes: {
      verb: string;
      group: string;
      resource: string;
      subresource?: string | undefined;
      /** all of them when it is not given */
      namespace?: string | undefined;
    };
  };
  status?: { allowed: boolean; reason?: string };
}

const SelfSubjectAccessReview: Kind<Review> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectAccessReview",
  plural: "selfsubjectaccessreviews",
  namespaced: false,
};

/** Whether whoever runs this may do it. */
export async function mayI(kube: Kube, { verb, kind, subresource, namespace }: Access): Promise<boolean> {
  const { group, plural: resource } = kind;
  const { status } = await kube.create(SelfSubjectAccessReview, {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    metadata: {} as Review["metadata"],
    spec: { resourceAttributes: { verb, group, resource, subresource, namespace } },
  });
  return status?.allowed === true;
}

/**
 * The same question as one types it. Without a namespace kubectl would ask about that of the context.
 *
 * @example "kubectl auth can-i list pods --all-namespaces"
 */
export function canI({ verb, kind, subresource, namespace }: Access): string {
  const part = subresource === undefined ? "" : ` --subresource=${subresource}`;
  const everywhere = kind.namespaced === false ? "" : " --all-namespaces";
  const where = namespace === undefined ? everywhere : ` -n ${namespace}`;
  return `kubectl auth can-i ${verb} ${resourceName(kind)}${part}${where}`;
}
