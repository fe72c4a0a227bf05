/**
 * The support matrix as support-matrix.json has it (schemas/support-matrix.schema.json). What an image asks for was read
 * in the patches of github.com/flux-subsystem-argo/fsa; where an image is known from, in that project's index, manifests,
 * documents and issues. `scripts/build-support-matrix.mjs` puts it together.
 */

export interface SupportMatrix {
  /** of all images, unless a candidate says otherwise: "ghcr.io/flux-subsystem-argo/fsa/argocd" */
  imageRepository: string;
  /** of all images, unless a candidate says otherwise: ["linux/amd64"] */
  platforms: string[];
  /** "P13" → what images with this profile do */
  profiles: Record<string, Profile>;
  /** by Argo CD version, then in the order in which they were built */
  candidates: Candidate[];
  /** Argo CD tag → file below `manifests/` → sha256; null for a file that this release does not have */
  manifests: Record<string, Record<string, string | null>>;
  /** minor of Argo CD → the Kubernetes that its documentation says it was tested with: { "3.6": { min: "1.34", max: "1.37" } } */
  testedKubernetes?: Record<string, { min: string; max: string }>;
  /** where the advisories come from, and as of when */
  advisorySource: string;
  advisories: Advisory[];
}

/** What the patched code of an image does: many images share one. */
export interface Profile {
  /** kind → the version of its group in which it is looked up; `anySource` stands for sources of whatever kind */
  asksFor: Record<string, string>;
  /** workload kind → the version of the object below which its children are put in the tree; none: they never are */
  treeOwner: Record<string, string>;
  /** kind → the version in which AutoCreateFluxResources writes it */
  creates: Record<string, string>;
  can: Ability[];
}

export const abilities = [
  /** reads the workload's name from the label flamingo/workload-name; else it is the Application's */
  "workloadNameLabel",
  /** reads the annotations flamingo/…-override and flamingo/…-replace */
  "overrideAnnotations",
  "createKustomization",
  "createHelmRelease",
  "createOci",
  /** shows the health of HelmReleases and HelmRepositories; else they are always healthy */
  "helmReleaseHealth",
  /** takes a HelmRepository of type oci, which has no status, for healthy; else it progresses for ever */
  "ociHelmRepositoryHealth",
  "ociRepositoryHealth",
] as const;

export type Ability = (typeof abilities)[number];

/** One FSA image (patched Argo CD). */
export interface Candidate {
  /** "v2.8.4", "v2.9.0-rc3-dev"; several images may have had the same name over time */
  flamingo: string;
  /** the Argo CD release below the patches: "v2.8.4" */
  argocd: string;
  /** tag of the image, which no other has: "v2.8.4-fl.21-main-6c72e98c" */
  image: string;
  repository?: string;
  platforms?: readonly string[];
  /** the 21 of "-fl.21"; says nothing across minors of Argo CD */
  patchLevel: number;
  /** of the commit that it was built from: "2023-09-19" */
  date: string;
  /** as upstream's index had it last; "unlisted": it never was there */
  channel: "stable" | "dev" | "unlisted";
  /** "established": it is written down somewhere; "inferred": only the rules of the build say that it must exist */
  status: "established" | "inferred";
  confidence: "high" | "medium" | "low";
  /** where it is seen: "index", "readme", "issue", "ci" */
  evidence: string[];
  /** the Flux that upstream documented for it, "v2.1.1"; what it really fits follows from its profile */
  flux: string | null;
  /** null where its patches are not known */
  profile: string | null;
}

export type Severity = "critical" | "high" | "moderate" | "low";

/** A security advisory about Argo CD. */
export interface Advisory {
  /** "GHSA-9766-5277-j5hr" */
  id: string;
  aliases: string[];
  /** as GitHub reviewed it; null: not known here */
  severity: Severity | null;
  summary: string;
  affected: AffectedRange[];
}

/** From `from` on ("0": from the beginning) up to, but without, `fixed`; or `limit`, where it was not fixed at all. */
export interface AffectedRange {
  from: string;
  fixed?: string;
  limit?: string;
}

/** "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c" */
export function imageReference(matrix: SupportMatrix, candidate: Candidate): string {
  return `${candidate.repository ?? matrix.imageRepository}:${candidate.image}`;
}

export function profileOf(matrix: SupportMatrix, candidate: Candidate): Profile | undefined {
  return candidate.profile === null ? undefined : matrix.profiles[candidate.profile];
}

export function platformsOf(matrix: SupportMatrix, candidate: Candidate): readonly string[] {
  return candidate.platforms ?? matrix.platforms;
}

/** Not for everybody: upstream listed it as such, or its Argo CD is a release candidate. */
export function isDevelopment({ channel, argocd }: Candidate): boolean {
  return channel === "dev" || argocd.includes("-");
}

/** The candidate that a container runs, by the tag of its image, wherever that was mirrored to. */
export function candidateRunning(matrix: SupportMatrix, image: string): Candidate | undefined {
  const tag = tagOf(image);
  return matrix.candidates.find((candidate) => candidate.image === tag);
}

/** Of "ghcr.io:443/owner/argocd:v2.8.4@sha256:…" it is "v2.8.4"; a tag alone is itself. */
export function tagOf(image: string): string {
  const [reference = ""] = image.split("@");
  return reference.slice(reference.lastIndexOf("/") + 1).replace(/^.*:/, "");
}

/** The newest first: by Argo CD version, then the one that was built last. `candidates` are in the matrix's order. */
export function newestFirst(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toReversed();
}

/** The one that a name stands for: established before inferred, then the newest. */
export function newestKnown(candidates: readonly Candidate[]): Candidate | undefined {
  const sorted = newestFirst(candidates);
  return sorted.find(({ status }) => status === "established") ?? sorted[0];
}
