/** The Argo CD that runs in a namespace, read off the objects that run it. */
import type { Container, PodRunner } from "../kube/pod-runner.js";
import { type ArgoImage, readArgoImage } from "./image.js";

/**
 * The components that tell what an Argo CD is, most telling first. The application-controller compares and is where the
 * Flux Subsystem lives; a server of another flavour beside it changes the page only.
 */
const telling = ["application-controller", "server", "repo-server"] as const;

/** The image of an Argo CD's most telling component among these objects; undefined when none of them runs Argo CD. */
export function argoImageAmong(
  runners: readonly PodRunner[],
  components: readonly (typeof telling)[number][] = telling,
): ArgoImage | undefined {
  const containers = runners.flatMap((runner) => runner.spec?.template?.spec?.containers ?? []);
  for (const component of components) {
    const found = containers.find((container) => runs(container, component));
    if (found?.image) return readArgoImage(found.image);
  }
  return undefined;
}

/**
 * By what is run rather than by the image, since images are mirrored and renamed. All components are one binary that
 * answers to several names: "argocd-server", "/usr/local/bin/argocd-server", `sh -c "… argocd-repo-server …"`.
 */
function runs({ name, command = [], args = [] }: Container, component: string): boolean {
  const binary = new RegExp(`(^|[/\\s])argocd-${component}(\\s|$)`);
  return name === `argocd-${component}` || [...command, ...args].some((word) => binary.test(word));
}
