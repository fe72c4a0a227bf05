import type { Kind, KubeObject } from "../kube/object.js";

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

/** `argocd-cm` is one of these. */
export const ArgoConfigMap: Kind<ConfigMap> = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
};

/**
 * Whether Argo CD tells by the label `app.kubernetes.io/instance` which objects are an Application's: the default of the
 * versions that fl images are made from, unless `application.resourceTrackingMethod` says otherwise (Argo CD 2.2 to 2.14).
 *
 * @param config `argocd-cm`, if there is one
 */
export function tracksByLabel(config: ConfigMap | undefined): boolean {
  const method = config?.data?.["application.resourceTrackingMethod"];
  return method === undefined || method === "" || method === "label";
}
