import type { LiveObject } from "../kube/object.js";

/** By the prefix of the labels with which each controller marks what it applied: PREFIX/name and PREFIX/namespace. */
const markers: Readonly<Record<string, string>> = {
  "kustomize.toolkit.fluxcd.io": "Kustomization",
  "helm.toolkit.fluxcd.io": "HelmRelease",
  "fluxcd.controlplane.io": "FluxInstance",
  "resourceset.fluxcd.controlplane.io": "ResourceSet",
};

/**
 * What would make an object anew when it is deleted, "Kustomization apps in flux-system"; undefined for nothing known. It may
 * well be on another cluster.
 */
export function parentOf({ metadata }: LiveObject): string | undefined {
  const { labels = {}, ownerReferences: [owner] = [] } = metadata;
  if (owner) return `${owner.kind} ${owner.name}`;
  for (const [prefix, kind] of Object.entries(markers)) {
    const name = labels[`${prefix}/name`];
    const namespace = labels[`${prefix}/namespace`];
    if (name) return namespace ? `${kind} ${name} in ${namespace}` : `${kind} ${name}`;
  }
  return undefined;
}
