/** The Argo CD that runs in a namespace, read off the objects that run it. */
import type { Container, PodRunner } from "../kube/kinds.js";
import { type ArgoImage, readArgoImage } from "./image.js";
import { type Role, roleOf, tellingRoles } from "./installed/role.js";

/**
 * The image of an Argo CD's most telling component among these objects; undefined when none of them runs Argo CD. The
 * application-controller decides; a server of another flavour beside it changes the page only.
 */
export function argoImageAmong(runners: readonly PodRunner[]): ArgoImage | undefined {
  for (const role of tellingRoles) {
    const image = containerAmong(runners, role)?.image;
    if (image) return readArgoImage(image);
  }
  return undefined;
}

/** The container of a component of Argo CD among these objects. */
export function containerAmong(runners: readonly PodRunner[], role: Role): Container | undefined {
  return runners
    .flatMap((runner) => runner.spec?.template?.spec?.containers ?? [])
    .find((container) => roleOf(container) === role);
}
