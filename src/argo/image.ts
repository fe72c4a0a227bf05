import { isAtLeast } from "../text/versions.js";

/** What the image of an Argo CD container tells about the Argo CD in it. */
export type ArgoImage =
  | {
      /** "fl": a patched Argo CD with the Flux Subsystem; "stock": Argo CD as released */
      flavour: "fl" | "stock";
      /** of Argo CD, without the patches: "2.10.2" */
      version: string;
      /** number of the patch set, the 23 in "v2.10.2-fl.23-main-d2c9a8cb" */
      patchLevel?: number;
      image: string;
    }
  | { flavour: "unknown"; image: string; because: string };

/** Of semantic versions in tags, which have no "+" (the package `semver` costs each start more than all else here). */
const versionTag = /^v?(\d+\.\d+\.\d+)(-[\w.-]+)?$/;

/**
 * Reads an image reference. Its tag tells an fl image (`vX.Y.Z-fl.N-BRANCH-SHA`), wherever it was mirrored to; a stock
 * one is called `argocd` and carries a version. A digest alone, or an image that was given another name, tells nothing.
 */
export function readArgoImage(image: string): ArgoImage {
  const { name, tag } = lastPartOf(image);
  const unknown = (because: string) => ({ flavour: "unknown" as const, image, because });
  if (!tag) return unknown(`its image ${image} has no tag`);
  const version = versionTag.exec(tag)?.[1];
  if (version === undefined) return unknown(`its image tag ${JSON.stringify(tag)} is no version`);
  const patchLevel = flPatchLevel(tag);
  if (patchLevel !== undefined) return { flavour: "fl", version, patchLevel, image };
  if (name !== "argocd") return unknown(`its image ${image} is not called argocd`);
  return { flavour: "stock", version, image };
}

/** Of the Argo CD in an image: "2.10.2"; undefined where the image does not tell. */
export function releaseIn(image: ArgoImage | undefined): string | undefined {
  return image?.flavour === "unknown" ? undefined : image?.version;
}

/** The tag alone: "v2.10.2" of "quay.io/argoproj/argocd:v2.10.2@sha256:abcd"; undefined when there is none. */
export function tagOf(image: string): string | undefined {
  return lastPartOf(image).tag;
}

/** What is behind the last "/", without a digest; a ":" before it is a registry's port. */
function lastPartOf(image: string): { name: string; tag: string | undefined } {
  const [reference = ""] = image.split("@");
  const [name = "", tag] = reference.slice(reference.lastIndexOf("/") + 1).split(":");
  return { name, tag };
}

/** Of a tag such as "v2.10.2-fl.23-main-d2c9a8cb" or "v2.9.0-rc3-fl.19-main-5d09a144". */
function flPatchLevel(tag: string): number | undefined {
  const level = /-fl\.(\d+)/.exec(tag)?.[1];
  return level === undefined ? undefined : Number(level);
}

/**
 * Whether an fl image takes the workload's name from the label `flamingo/workload-name` (2.8.1-fl.16 and newer); older
 * ones look for a workload named like the Application.
 */
export function readsWorkloadName(image: { version: string; patchLevel?: number }): boolean {
  return isAtLeast(image.version, 2, 8, 2) || (image.version === "2.8.1" && (image.patchLevel ?? 0) >= 16);
}
