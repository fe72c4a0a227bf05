import { readArgoImage } from "../../src/argo/image.js";
import type { InstalledArgo } from "../../src/argo/installed/evidence.js";
import type { ArgoOwner } from "../../src/argo/installed/owner.js";

/**
 * An Argo CD that was found.
 *
 * @param tag ":v2.8.4", ":v2.8.4-fl.21-main-6c72e98c" or "@sha256:…"
 */
export function argo(namespace: string, tag: string, owner?: ArgoOwner): InstalledArgo {
  const image = readArgoImage(`quay.io/argoproj/argocd${tag}`);
  return {
    namespace,
    image,
    ...("version" in image ? { version: image.version } : {}),
    components: [],
    layout: "standard",
    disagreements: [],
    unknown: [],
    ...(owner ? { owner } : {}),
  };
}
