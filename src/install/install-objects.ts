import type { KubeObject } from "../kube/object.js";
import type { SupportMatrix } from "../support-matrix/candidate.js";
import type { FluxApis } from "../support-matrix/flux-apis.js";
import { type ArgoObjectsWish, argoObjects, manifestFiles } from "./argo-objects.js";
import { engineObjects } from "./engine/engine-objects.js";
import type { EngineWish } from "./engine/wish.js";
import { argoBeside } from "./engine-place.js";
import { helmObjects } from "./helm-release.js";
import { inLegacyOrder } from "./legacy-order.js";
import type { Manifest } from "./manifest.js";
import { type ReleaseDeps, readRelease } from "./released-files.js";

export const installModes = ["all", "crds-only", "tenant", "helmrelease"] as const;

export type InstallMode = (typeof installModes)[number];

/** What is to be installed, and how, with nothing left to guess. */
export interface InstallWish extends Omit<ArgoObjectsWish, "mode"> {
  mode: InstallMode;
  /** the release of Argo CD, below the patches of an FSA image: "v2.8.4"; undefined: Argo CD is left alone */
  argocd?: string | undefined;
  /** several replicas of everything */
  ha?: boolean | undefined;
  /** flamingo itself in the cluster; undefined: it is not installed */
  engine?: EngineWish | undefined;
}

export interface InstallObjects {
  /** in kustomize's legacy order */
  objects: KubeObject[];
  /** what they were made of */
  manifest: Manifest;
}

export interface Sources {
  checksums: SupportMatrix["manifests"];
  /** `--manifests` */
  place: string | undefined;
  /** what the cluster serves of Flux, if one was asked */
  flux?: FluxApis | undefined;
}

/**
 * All objects of an install but its record.
 *
 * @throws UserError for files that cannot be had or are not the released ones, and for a wish that they do not allow
 */
export async function installObjects(
  wish: InstallWish,
  sources: Sources,
  deps: ReleaseDeps,
): Promise<InstallObjects> {
  const { mode, namespace, engine } = wish;
  const { objects, manifest } = await objectsOfArgo(wish, sources, deps);
  if (!engine) return { objects, manifest };
  // of a chart, and of an Argo CD that is left alone, nothing is known here
  const around = mode === "all" && objects.length > 0 ? argoBeside(objects, namespace) : {};
  return { objects: inLegacyOrder([...objects, ...engineObjects({ ...engine, ...around })]), manifest };
}

async function objectsOfArgo(
  wish: InstallWish,
  { flux, ...source }: Sources,
  deps: ReleaseDeps,
): Promise<InstallObjects> {
  const { mode, argocd, ha } = wish;
  if (argocd === undefined) return { objects: [], manifest: new Map() };
  if (mode === "helmrelease")
    return { objects: inLegacyOrder(helmObjects({ ...wish, argocd }, flux)), manifest: new Map() };
  const manifest = await readRelease({ ...source, argocd, files: manifestFiles(mode, argocd, ha) }, deps);
  return { objects: argoObjects(manifest.keys(), { ...wish, mode }), manifest };
}
