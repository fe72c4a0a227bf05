import { stringify } from "yaml";

/** An object as it stands in a repository. */
export type Manifest = Record<string, unknown>;

const groups = {
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  HelmRelease: "helm.toolkit.fluxcd.io/v2",
  GitRepository: "source.toolkit.fluxcd.io/v1",
  OCIRepository: "source.toolkit.fluxcd.io/v1",
  HelmRepository: "source.toolkit.fluxcd.io/v1",
  HelmChart: "source.toolkit.fluxcd.io/v1",
  Bucket: "source.toolkit.fluxcd.io/v1",
  ExternalArtifact: "source.toolkit.fluxcd.io/v1",
  ArtifactGenerator: "source.extensions.fluxcd.io/v1beta1",
  FluxInstance: "fluxcd.controlplane.io/v1",
} as const;

export type FluxKind = keyof typeof groups;

/** @param metadata further metadata, or another name or namespace */
export function flux(kind: FluxKind, name: string, spec: object, metadata: object = {}): Manifest {
  return { apiVersion: groups[kind], kind, metadata: { name, namespace: "apps", ...metadata }, spec };
}

/** A Kustomization of the GitRepository "src". */
export function ks(name: string, spec: object = {}, metadata: object = {}): Manifest {
  const sourceRef = { kind: "GitRepository", name: "src" };
  return flux("Kustomization", name, { interval: "10m", prune: true, sourceRef, ...spec }, metadata);
}

/** A HelmRelease of a chart in the HelmRepository "charts". */
export function hr(name: string, spec: object = {}, metadata: object = {}): Manifest {
  const chart = {
    spec: { chart: "web", version: "1.x", sourceRef: { kind: "HelmRepository", name: "charts" } },
  };
  return flux("HelmRelease", name, { interval: "10m", chart, ...spec }, metadata);
}

export const src = flux("GitRepository", "src", {
  interval: "10m",
  url: "https://git.example/r",
  ref: { branch: "main" },
});

export const charts = flux("HelmRepository", "charts", { interval: "10m", url: "https://charts.example" });

/** Documents behind each other. */
export function yaml(...objects: readonly object[]): string {
  return objects.map((object) => `---\n${stringify(object)}`).join("");
}
