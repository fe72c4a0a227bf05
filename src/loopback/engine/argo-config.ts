import { type ArgoSettings, argoSettingsFrom, settingsNames } from "../../argo/settings.js";
import { ConfigMap } from "../../kube/kinds.js";
import { keyOf, objectId } from "../../kube/object-id.js";
import type { LiveIndex } from "../../report/live/live-index.js";

/**
 * What Argo CD is told in its ConfigMaps, from what is known of the cluster; its defaults where there are none.
 *
 * @throws UserError where a ConfigMap has a key that cannot be read
 */
export function knownArgoSettings(live: LiveIndex, namespace: string): ArgoSettings {
  const [cm, params] = settingsNames.map(
    (name) => live.get(keyOf(objectId(ConfigMap, { namespace, name }))) as ConfigMap | undefined,
  );
  return argoSettingsFrom(namespace, cm?.data, params?.data);
}
