import { ArgoConfigMap } from "../../argo/tracking.js";
import type { Kube } from "../../kube/reader.js";
import { type ArgoSettings, argoSettingsFrom } from "../argo-settings.js";

/**
 * What Argo CD is told in its ConfigMaps; its defaults where there are none.
 *
 * @throws UserError where a ConfigMap may not be read, or has a key that cannot be
 */
export async function readArgoSettings(kube: Kube, namespace: string): Promise<ArgoSettings> {
  const [cm, params] = await Promise.all(
    ["argocd-cm", "argocd-cmd-params-cm"].map((name) => kube.find(ArgoConfigMap, { name, namespace })),
  );
  return argoSettingsFrom(namespace, cm?.data, params?.data);
}
