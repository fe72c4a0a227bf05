import type { ArgoOwner } from "../argo/installed/owner.js";

/**
 * What has this image run where somebody else keeps the Argo CD: as YAML in one line, and where it belongs.
 *
 * @param image "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c"
 */
export function ownerValues({ by, object }: ArgoOwner, image: string): string {
  const colon = image.lastIndexOf(":");
  const [name, tag] = [image.slice(0, colon), image.slice(colon + 1)];
  const values = `global: {image: {repository: ${name}, tag: ${tag}}}`;
  switch (by) {
    case "Helm":
      return `the values of ${object}: ${values}`;
    case "Flux":
      return object.startsWith("HelmRelease ")
        ? `${object}: spec: {values: {${values}}}`
        : `${object}: spec: {images: [{name: quay.io/argoproj/argocd, newName: ${name}, newTag: ${tag}}]}`;
    case "Argo CD":
      return `${object}: spec: {source: {kustomize: {images: ["quay.io/argoproj/argocd=${image}"]}}}`;
    case "operator":
      return `${object}: spec: {image: ${name}, version: ${tag}}`;
  }
}
