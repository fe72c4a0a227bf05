/** Flux's objects as they stand in a repository; `live()` makes them such as live in a cluster. */
import type { FluxInstance } from "../../src/flux/flux-instance.js";
import type { HelmRelease } from "../../src/flux/helm-release.js";
import type { Kustomization } from "../../src/flux/kustomization.js";
import type { Location } from "../../src/flux/location.js";
import type { ResourceSet } from "../../src/flux/resource-set/resource-set.js";
import type { TestObject } from "../cluster/crds.js";

const source = "source.toolkit.fluxcd.io/v1";

const apiVersions = {
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  HelmRelease: "helm.toolkit.fluxcd.io/v2",
  GitRepository: source,
  OCIRepository: source,
  HelmRepository: source,
  HelmChart: source,
  Bucket: source,
  ExternalArtifact: source,
  ArtifactGenerator: "source.extensions.fluxcd.io/v1beta1",
  FluxInstance: "fluxcd.controlplane.io/v1",
  ResourceSet: "fluxcd.controlplane.io/v1",
  ResourceSetInputProvider: "fluxcd.controlplane.io/v1",
} as const;

export type FluxKind = keyof typeof apiVersions;

/**
 * @param at "NAMESPACE/NAME", or "NAME" in the namespace `apps`
 * @param metadata further metadata, or another name or namespace
 */
export function flux<K extends FluxKind>(
  kind: K,
  at: string,
  spec: object = {},
  metadata: object = {},
): TestObject & { kind: K } {
  const [name = "", namespace = "apps"] = at.split("/").reverse();
  return { apiVersion: apiVersions[kind], kind, metadata: { name, namespace, ...metadata }, spec };
}

/** A Kustomization of the GitRepository "src". */
export function ks(at: string, spec: object = {}, metadata: object = {}): TestObject & Kustomization {
  const sourceRef = { kind: "GitRepository", name: "src" };
  return flux("Kustomization", at, { interval: "10m", prune: true, sourceRef, ...spec }, metadata);
}

/** A HelmRelease of a chart in the HelmRepository "charts", unless it has a `chartRef`. */
export function hr(at: string, spec: object = {}, metadata: object = {}): TestObject & HelmRelease {
  const chart = {
    spec: { chart: "web", version: "1.x", sourceRef: { kind: "HelmRepository", name: "charts" } },
  };
  const origin = (spec as HelmRelease["spec"])?.chartRef ? {} : { chart };
  return flux("HelmRelease", at, { interval: "10m", ...origin, ...spec }, metadata);
}

/** Of a HelmRelease: a chart in the GitRepository "src". */
export const chartInGit = {
  chart: { spec: { chart: "./charts/x", sourceRef: { kind: "GitRepository", name: "src" } } },
};

/** A ResourceSet of the Flux Operator. */
export function rset(at: string, spec: object = {}, metadata: object = {}): TestObject & ResourceSet {
  return flux("ResourceSet", at, { resources: [], ...spec }, metadata);
}

/** Ready as the Flux Operator writes it: the condition has the generation, the status has none. */
export const operatorReady = {
  type: "Ready",
  status: "True",
  reason: "ReconciliationSucceeded",
  message: "Reconciliation finished in 2s",
  observedGeneration: 1,
  lastTransitionTime: "2026-11-21T09:00:00Z",
};

/** A FluxInstance that has Flux begin in a Git repository. */
export function fi(
  at = "flux-system/flux",
  spec: object = {},
  metadata: object = {},
): TestObject & FluxInstance {
  const sync = {
    kind: "GitRepository",
    url: "https://git.example/fleet",
    ref: "refs/heads/main",
    path: "clusters/prod",
  };
  return flux("FluxInstance", at, { distribution: { version: "2.x" }, sync, ...spec }, metadata);
}

/** A GitRepository at its branch `main`. */
export function git(at = "src", spec: object = {}, metadata: object = {}): TestObject {
  const whole = { interval: "10m", url: "https://git.example/r", ref: { branch: "main" }, ...spec };
  return flux("GitRepository", at, whole, metadata);
}

export const src = git();

export const charts = flux("HelmRepository", "charts", { interval: "10m", url: "https://charts.example" });

/** Where the content of a workload lies: the root of `src`, but for what is told otherwise. */
export function location(changes: Partial<Location> = {}): Location {
  return {
    form: "directory",
    url: "https://git.example/r",
    path: ".",
    revision: "main",
    origin: "GitRepository",
    credentials: undefined,
    ambiguousRef: false,
    sources: [],
    added: [],
    ...changes,
  };
}
