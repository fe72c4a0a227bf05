import { stripCredentials } from "../redact.js";
import { bucketUrl } from "./bucket-url.js";
import { unmappable } from "./location-errors.js";
import type { SourceRef } from "./source-ref.js";
import type { Bucket, GitRepository, OCIRepository } from "./sources.js";
import type { Workload } from "./workload.js";

/** What a source says about where content lies. */
export interface SourceContent {
  /** as the source has it, "oci://" included */
  url: string;
  /** relative, "." for the root */
  path: string;
  revision: string;
  /** the kind that holds the content, after HelmChart and ExternalArtifact were followed */
  origin: "GitRepository" | "OCIRepository" | "HelmRepository" | "Bucket";
  /** what Argo CD needs to fetch it, when the source has it: "secretRef", or the name of a cloud provider */
  credentials: string | undefined;
  /** Git refs that the documentation and the code of Flux order differently */
  ambiguousRef: boolean;
}

/** @param path inside the repository */
export function gitContent(
  workload: Workload,
  ref: SourceRef,
  source: GitRepository,
  path: string,
): SourceContent {
  const { url, ref: git = {}, secretRef, provider } = source.spec ?? {};
  return {
    url: addressOf(workload, ref, url),
    path,
    revision: gitRevision(git),
    origin: "GitRepository",
    credentials: credentialsOf(secretRef, provider),
    ambiguousRef: Boolean(git.tag && git.semver && !git.commit && !git.name),
  };
}

/** What is checked out of a Git repository: the order of fluxcd/pkg's Git client since 2022; Flux's documentation has semver before tag. */
export function gitRevision({ commit, name, tag, semver, branch }: GitRef = {}): string {
  return commit || name || tag || semver || branch || "master";
}

type GitRef = NonNullable<GitRepository["spec"]>["ref"];

/** @param path inside the artifact */
export function ociContent(
  workload: Workload,
  ref: SourceRef,
  source: OCIRepository,
  path: string,
): SourceContent {
  const { url, ref: oci = {}, secretRef, provider } = source.spec ?? {};
  return {
    url: addressOf(workload, ref, url).replace(/\/+$/, ""),
    path,
    revision: oci.digest || oci.semver || oci.tag || "latest",
    origin: "OCIRepository",
    credentials: credentialsOf(secretRef, provider),
    ambiguousRef: false,
  };
}

/** Whether an artifact is a chart as Helm pushes it, by the layer that is taken of it. */
export function isChartOfHelm({ spec }: OCIRepository): boolean {
  return /^application\/vnd\.cncf\.helm\.chart\.content\./.test(spec?.layerSelector?.mediaType ?? "");
}

/** The tag of a chart in an OCI registry as a version, where it says the revision: a tag may have no "+". */
export function chartTagOf({ spec }: OCIRepository): string | undefined {
  const { digest, semver, tag } = spec?.ref ?? {};
  return semver && !digest ? undefined : tag?.replaceAll("_", "+");
}

/** @param path inside the bucket */
export function bucketContent(
  workload: Workload,
  ref: SourceRef,
  source: Bucket,
  path: string,
): SourceContent {
  const made = bucketUrl(source.spec ?? {});
  if ("problem" in made) throw unmappable(workload, ref, made.problem);
  const { secretRef, provider } = source.spec ?? {};
  return {
    url: addressOf(workload, ref, made.url),
    path,
    revision: "HEAD",
    origin: "Bucket",
    credentials: credentialsOf(secretRef, provider),
    ambiguousRef: false,
  };
}

/**
 * `spec.url`, credentials and all.
 *
 * @throws UserError when nothing would be left of it: "https://", "oci://user:pw@"
 */
export function addressOf(workload: Workload, ref: SourceRef, url: string | undefined): string {
  if (!url) throw unmappable(workload, ref, "spec.url is empty");
  if (/^[a-z][a-z+.-]*:\/*$|^[a-z][a-z+.-]*:\/\/+\//i.test(stripCredentials(url))) {
    throw unmappable(workload, ref, `its address ${JSON.stringify(stripCredentials(url))} names no host`);
  }
  return url;
}

/** "secretRef", or the name of the cloud provider that a source logs in with. */
export function credentialsOf(
  secretRef: object | undefined,
  provider: string | undefined,
): string | undefined {
  if (secretRef) return "secretRef";
  return provider && provider !== "generic" ? provider : undefined;
}
