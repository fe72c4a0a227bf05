import type { KubeObject } from "../kube/object.js";
import type { SupportMatrix } from "../support-matrix/candidate.js";
import type { FluxApis } from "../support-matrix/flux-apis.js";
import { type FsaWish, fsaObjects, manifestFiles } from "./fsa-objects.js";
import { helmObjects } from "./helm-release.js";
import { inLegacyOrder } from "./legacy-order.js";
import type { Manifest } from "./manifest.js";
import { type ReleaseDeps, readRelease } from "./released-files.js";

export const installModes = ["all", "crds-only", "tenant", "helmrelease"] as const;

export type InstallMode = (typeof installModes)[number];

/** An FSA image, and how it is to be installed. */
export interface InstallWish extends Omit<FsaWish, "mode"> {
  mode: InstallMode;
  /** the Argo CD below the patches: "v2.8.4" */
  argocd: string;
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
  { flux, ...source }: Sources,
  deps: ReleaseDeps,
): Promise<InstallObjects> {
  const { mode, argocd } = wish;
  if (mode === "helmrelease") return { objects: inLegacyOrder(helmObjects(wish, flux)), manifest: new Map() };
  const manifest = await readRelease({ ...source, argocd, files: manifestFiles(mode, argocd) }, deps);
  return { objects: fsaObjects(manifest.keys(), { ...wish, mode }), manifest };
}
