/** The Argo CD that runs in a namespace, read off the objects that run it. */
import type { PodRunner } from "../kube/kinds.js";
import { type ArgoImage, readArgoImage } from "./image.js";
import { roleOf, tellingRoles } from "./installed/role.js";

/**
 * The image of an Argo CD's most telling component among these objects; undefined when none of them runs Argo CD. The
 * application-controller decides; a server of another flavour beside it changes the page only.
 */
export function argoImageAmong(runners: readonly PodRunner[]): ArgoImage | undefined {
  const containers = runners.flatMap((runner) => runner.spec?.template?.spec?.containers ?? []);
  for (const role of tellingRoles) {
    const found = containers.find((container) => roleOf(container) === role);
    if (found?.image) return readArgoImage(found.image);
  }
  return undefined;
}
