/**
 * Flux's sources: the fields that flamingo reads, the same in source.toolkit.fluxcd.io v1, v1beta2 and v1beta1
 * (CRDs of source-controller 0.32 to 1.9; ArtifactGenerator: source-watcher 2.0 to 2.2).
 */
import type { Kind, KubeObject } from "../kube/object.js";
import type { ObjectId } from "../kube/object-id.js";
import type { NamedReference, SourceRef } from "./source-ref.js";

const group = "source.toolkit.fluxcd.io";

export interface GitRepository extends KubeObject {
  spec?: {
    url?: string;
    ref?: { branch?: string; tag?: string; semver?: string; name?: string; commit?: string };
    /** what is left out of its content, as `.gitignore` has it */
    ignore?: string;
    secretRef?: object;
    provider?: string;
  };
}

export const GitRepository: Kind<GitRepository> = { group, kind: "GitRepository", plural: "gitrepositories" };

export interface OCIRepository extends KubeObject {
  spec?: {
    url?: string;
    ref?: { digest?: string; semver?: string; tag?: string };
    layerSelector?: { mediaType?: string };
    secretRef?: object;
    provider?: string;
  };
}

export const OCIRepository: Kind<OCIRepository> = { group, kind: "OCIRepository", plural: "ocirepositories" };

export interface HelmRepository extends KubeObject {
  spec?: { url?: string; type?: string; secretRef?: object; provider?: string };
}

export const HelmRepository: Kind<HelmRepository> = {
  group,
  kind: "HelmRepository",
  plural: "helmrepositories",
};

export interface HelmChart extends KubeObject {
  spec?: { chart?: string; version?: string; sourceRef?: NamedReference };
}

export const HelmChart: Kind<HelmChart> = { group, kind: "HelmChart", plural: "helmcharts" };

export interface Bucket extends KubeObject {
  spec?: {
    bucketName?: string;
    endpoint?: string;
    provider?: string;
    region?: string;
    insecure?: boolean;
    secretRef?: object;
  };
}

export const Bucket: Kind<Bucket> = { group, kind: "Bucket", plural: "buckets" };

export interface ExternalArtifact extends KubeObject {
  spec?: { sourceRef?: NamedReference };
}

export const ExternalArtifact: Kind<ExternalArtifact> = {
  group,
  kind: "ExternalArtifact",
  plural: "externalartifacts",
};

export interface ArtifactGenerator extends KubeObject {
  spec?: {
    sources?: (NamedReference & { alias?: string })[];
    pathPattern?: string;
    artifacts?: GeneratedArtifact[];
  };
}

export interface GeneratedArtifact {
  name?: string;
  copy?: { from?: string; to?: string; exclude?: string[]; strategy?: string }[];
}

export const ArtifactGenerator: Kind<ArtifactGenerator> = {
  group: "source.extensions.fluxcd.io",
  kind: "ArtifactGenerator",
  plural: "artifactgenerators",
};

/** What all sources say of what they hold. */
export interface SourceStatus {
  artifact?: { revision?: string; lastUpdateTime?: string; metadata?: Readonly<Record<string, string>> };
  /** HelmChart: the revision of the source that it was built from */
  observedSourceArtifactRevision?: string;
}

export function sourceStatusOf(source: (KubeObject & { status?: SourceStatus }) | undefined): SourceStatus {
  return source?.status ?? {};
}

/** By the word in a `sourceRef`; without a prototype, so that the word "constructor" finds nothing. */
export const sourceKinds: Readonly<Record<string, Kind>> = Object.assign(Object.create(null), {
  GitRepository,
  OCIRepository,
  HelmRepository,
  HelmChart,
  Bucket,
  ExternalArtifact,
  ArtifactGenerator,
} satisfies Record<string, Kind>);

/** What a reference points to; what is none of these kinds has no group. */
export function idOfSource({ kind, namespace, name }: SourceRef): ObjectId {
  return { group: sourceKinds[kind]?.group ?? "", kind, namespace, name };
}
