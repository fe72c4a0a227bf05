import type { ConfigMap } from "../kube/kinds.js";
import { argoHas } from "./versions.js";

/**
 * Whether Argo CD tells by the label `app.kubernetes.io/instance` which objects are an Application's: the default before
 * 3.0, unless `application.resourceTrackingMethod` says otherwise ("annotation+label" tracks by the annotation, too).
 *
 * @param config `argocd-cm`, if there is one
 * @param argocd "2.10.2"; one that is not known counts as older than 3.0, as all FSA images are
 */
export function tracksByLabel(config: ConfigMap | undefined, argocd?: string): boolean {
  const method = config?.data?.["application.resourceTrackingMethod"];
  if (method) return method === "label";
  return argocd === undefined || !argoHas("tracksByAnnotation", argocd);
}
