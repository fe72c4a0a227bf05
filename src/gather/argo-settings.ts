import { type ArgoSettings, argoSettingsFrom, settingsNames } from "../argo/settings.js";
import { ConfigMap } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";

/**
 * What Argo CD is told in its ConfigMaps; its defaults where there are none.
 *
 * @throws UserError where a ConfigMap may not be read, or has a key that cannot be
 */
export async function readArgoSettings(kube: Pick<Reader, "find">, namespace: string): Promise<ArgoSettings> {
  const [cm, params] = await Promise.all(
    settingsNames.map((name) => kube.find(ConfigMap, { name, namespace })),
  );
  return argoSettingsFrom(namespace, cm?.data, params?.data);
}
