import type { ArgoOwner } from "../argo/installed/owner.js";

export interface OwnerValues {
  /** "the values of Helm release argo", "HelmRelease argo in flux-system" */
  where: string;
  /** as YAML in one line */
  values: string;
}

/**
 * What has this image run where somebody else keeps the Argo CD.
 *
 * @param image "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c"
 */
export function ownerValues({ by, object }: ArgoOwner, image: string): OwnerValues {
  const colon = image.lastIndexOf(":");
  const [name, tag] = [image.slice(0, colon), image.slice(colon + 1)];
  const ofChart = `global: {image: {repository: ${name}, tag: ${tag}}}`;
  switch (by) {
    case "Helm":
      return { where: `the values of ${object}`, values: ofChart };
    case "Flux":
      return {
        where: object,
        values: object.startsWith("HelmRelease ")
          ? `spec: {values: {${ofChart}}}`
          : `spec: {images: [{name: quay.io/argoproj/argocd, newName: ${name}, newTag: ${tag}}]}`,
      };
    case "Argo CD":
      return {
        where: object,
        values: `spec: {source: {kustomize: {images: ["quay.io/argoproj/argocd=${image}"]}}}`,
      };
    case "operator":
      return { where: object, values: `spec: {image: ${name}, version: ${tag}}` };
  }
}
