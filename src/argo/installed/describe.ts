import { tagOf } from "../image.js";
import type { InstalledArgo } from "./evidence.js";

/**
 * An Argo CD in a line: "stock Argo CD v3.5.1 in argocd (Helm release argocd)", "the FSA image
 * v2.10.2-fl.23-main-d2c9a8cb in argocd", "an Argo CD of unknown version in argocd: its image … has no tag".
 */
export function describeArgo({ namespace, image, version, versionFrom, owner }: InstalledArgo): string {
  const where = `in ${namespace}${owner ? ` (${owner.object})` : ""}`;
  if (image.flavour !== "unknown") {
    const what = image.flavour === "fl" ? "the FSA image" : "stock Argo CD";
    return `${what} ${tagOf(image.image)} ${where}`;
  }
  if (version === undefined) return `an Argo CD of unknown version ${where}: ${image.because}`;
  const by = { image: "", api: " by its own word", label: " by its label", chart: " by its chart" };
  return `Argo CD v${version}${versionFrom ? by[versionFrom] : ""} ${where}, whether stock or FSA is not known: ${image.because}`;
}
