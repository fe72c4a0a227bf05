import type { Kube } from "./kube.js";
import type { Kind, KubeObject } from "./object.js";

/** SelfSubjectReview, authentication.k8s.io/v1 (Kubernetes 1.28; v1beta1 before): everybody may ask. */
interface Review extends KubeObject {
  status?: { userInfo?: { username?: string } };
}

const SelfSubjectReview: Kind<Review> = {
  group: "authentication.k8s.io",
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  namespaced: false,
};

/** The name by which the API server knows whoever runs this; undefined where it does not tell. */
export async function whoAmI(kube: Pick<Kube, "servedVersion" | "create">): Promise<string | undefined> {
  const version = await kube.servedVersion(SelfSubjectReview);
  if (version === undefined) return undefined;
  const { status } = await kube.create(SelfSubjectReview, {
    apiVersion: `${SelfSubjectReview.group}/${version}`,
    kind: SelfSubjectReview.kind,
    metadata: {} as Review["metadata"],
  });
  return status?.userInfo?.username;
}
