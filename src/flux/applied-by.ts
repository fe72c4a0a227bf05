/** The labels with which controllers mark what they applied: PREFIX/name and PREFIX/namespace. */
import type { KubeObject, LiveObject } from "../kube/object.js";
import { renderId } from "../kube/object-id.js";
import { HelmRelease } from "./helm-release.js";
import { Kustomization } from "./kustomization.js";

const kindByPrefix: Readonly<Record<string, string>> = {
  [Kustomization.group]: Kustomization.kind,
  [HelmRelease.group]: HelmRelease.kind,
  "fluxcd.controlplane.io": "FluxInstance",
  "resourceset.fluxcd.controlplane.io": "ResourceSet",
};

const workloadLabels = [Kustomization, HelmRelease].map(({ group }) => `${group}/name`);

/** Whether kustomize-controller or helm-controller applied an object. */
export function isAppliedByFlux({ metadata }: KubeObject): boolean {
  return workloadLabels.some((label) => metadata.labels?.[label] !== undefined);
}

/**
 * What would make an object anew when it is deleted, "Kustomization apps in flux-system"; undefined for nothing known. It may
 * well be on another cluster.
 */
export function parentOf({ metadata }: LiveObject): string | undefined {
  const { labels = {}, ownerReferences: [owner] = [] } = metadata;
  if (owner) return renderId(owner);
  for (const [prefix, kind] of Object.entries(kindByPrefix)) {
    const name = labels[`${prefix}/name`];
    const namespace = labels[`${prefix}/namespace`];
    if (name) return renderId({ kind, namespace, name });
  }
  return undefined;
}
