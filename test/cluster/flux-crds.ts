import { openCrd, type TestObject } from "./crds.js";

const source = "source.toolkit.fluxcd.io";

const names = {
  Kustomization: { group: "kustomize.toolkit.fluxcd.io", plural: "kustomizations", shortNames: ["ks"] },
  HelmRelease: { group: "helm.toolkit.fluxcd.io", plural: "helmreleases", shortNames: ["hr"] },
  GitRepository: { group: source, plural: "gitrepositories", shortNames: ["gitrepo"] },
  OCIRepository: { group: source, plural: "ocirepositories", shortNames: ["ocirepo"] },
  HelmRepository: { group: source, plural: "helmrepositories", shortNames: ["helmrepo"] },
  HelmChart: { group: source, plural: "helmcharts", shortNames: ["hc"] },
  Bucket: { group: source, plural: "buckets", shortNames: [] },
  ExternalArtifact: { group: source, plural: "externalartifacts", shortNames: ["ea"] },
  ArtifactGenerator: {
    group: "source.extensions.fluxcd.io",
    plural: "artifactgenerators",
    shortNames: ["ag"],
  },
};

export type FluxKind = keyof typeof names;

/** Served versions by kind, the storage version first. */
export type FluxVersions = Partial<Record<FluxKind, string[]>>;

/** @example cluster.installCrds(fluxCrds({ Kustomization: ["v1", "v1beta2"], GitRepository: ["v1"] })) */
export function fluxCrds(served: FluxVersions): TestObject[] {
  return Object.entries(served).map(([kind, versions]) =>
    openCrd({ kind, versions, ...names[kind as FluxKind], statusSubresource: true }),
  );
}

/** Those of the Flux Operator that are workloads, and of what gives these inputs. */
export function operatorCrds(): TestObject[] {
  const of = { group: "fluxcd.controlplane.io", versions: ["v1"], statusSubresource: true };
  return [
    openCrd({ ...of, kind: "ResourceSet", plural: "resourcesets", shortNames: ["rset"] }),
    openCrd({ ...of, kind: "ResourceSetInputProvider", plural: "resourcesetinputproviders" }),
    openCrd({ ...of, kind: "FluxInstance", plural: "fluxinstances" }),
  ];
}

/**
 * The CRDs of one minor of Flux, with all of its optional components.
 *
 * @example cluster.installCrds(fluxMinor("2.3"))
 */
export function fluxMinor(minor: FluxMinor): TestObject[] {
  return fluxCrds(servedBy[minor]);
}

/** The versions that one minor of Flux serves, by kind. */
export function servedByMinor(minor: FluxMinor): FluxVersions {
  return servedBy[minor];
}

export type FluxMinor = keyof typeof servedBy;

const betas = ["v1beta2", "v1beta1"];
const v1AndBetas = ["v1", "v1beta2", "v1beta1"];
const oldest: FluxVersions = {
  Kustomization: betas,
  HelmRelease: ["v2beta1"],
  GitRepository: betas,
  OCIRepository: ["v1beta2"],
  HelmRepository: betas,
  HelmChart: betas,
  Bucket: betas,
};
const flux20: FluxVersions = { ...oldest, Kustomization: v1AndBetas, GitRepository: v1AndBetas };
const flux22: FluxVersions = { ...flux20, HelmRelease: ["v2beta2", "v2beta1"] };
const flux23: FluxVersions = {
  ...flux22,
  HelmRelease: ["v2", "v2beta2", "v2beta1"],
  HelmRepository: v1AndBetas,
  HelmChart: v1AndBetas,
};
const flux24: FluxVersions = { ...flux23, Bucket: v1AndBetas };
const flux26: FluxVersions = { ...flux24, OCIRepository: ["v1", "v1beta2"] };
const v1AndLastBeta = ["v1", "v1beta2"];
const flux27: FluxVersions = {
  Kustomization: v1AndLastBeta,
  HelmRelease: ["v2", "v2beta2"],
  GitRepository: v1AndLastBeta,
  OCIRepository: v1AndLastBeta,
  HelmRepository: v1AndLastBeta,
  HelmChart: v1AndLastBeta,
  Bucket: v1AndLastBeta,
  ExternalArtifact: ["v1"],
  ArtifactGenerator: ["v1beta1"],
};
const flux28: FluxVersions = {
  Kustomization: ["v1"],
  HelmRelease: ["v2"],
  GitRepository: ["v1"],
  OCIRepository: ["v1"],
  HelmRepository: ["v1"],
  HelmChart: ["v1"],
  Bucket: ["v1"],
  ExternalArtifact: ["v1"],
  ArtifactGenerator: ["v1beta1"],
};

/** Read from the CRDs at the controller tags that each flux2 release pins. */
const servedBy = {
  "0.37": oldest,
  "0.38": oldest,
  "0.39": oldest,
  "0.40": oldest,
  "0.41": oldest,
  "2.0": flux20,
  "2.1": flux20,
  "2.2": flux22,
  "2.3": flux23,
  "2.4": flux24,
  "2.5": flux24,
  "2.6": flux26,
  "2.7": flux27,
  "2.8": flux28,
  "2.9": flux28,
};

export const fluxMinors = Object.keys(servedBy) as FluxMinor[];
