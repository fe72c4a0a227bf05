import type { FluxInstance } from "../../src/flux/flux-instance.js";
import { type FluxEvidence, installedFlux } from "../../src/flux/installed/installed-flux.js";
import type { FluxReport } from "../../src/flux/installed/operator.js";
import type { ServedVersions } from "../../src/flux/installed/served-minors.js";
import type { PodRunner } from "../../src/kube/kinds.js";
import type { KubeObject } from "../../src/kube/object.js";
import { type RunnerOptions, runner } from "../builders/kube.js";

export interface DeploymentOptions extends Omit<RunnerOptions, "kind"> {
  namespace?: string;
  args?: string[];
}

/** A Deployment that runs these images, a container each. */
export function deployment(
  name: string,
  images: string | string[],
  { namespace = "flux-system", args = [], ...options }: DeploymentOptions = {},
): PodRunner {
  const containers = [images].flat().map((image, index) => ({ name: `c${index}`, image, args }));
  return runner(`${namespace}/${name}`, containers, options);
}

/** The four controllers in these versions, as `flux install` writes them. */
export function controllers(
  [source, kustomize, helm, notification]: readonly [string, string, string, string],
  options: DeploymentOptions & { registry?: string; prefix?: string } = {},
): PodRunner[] {
  const { registry = "ghcr.io/fluxcd", prefix = "", ...rest } = options;
  const tags = { source, kustomize, helm, notification };
  return Object.entries(tags).map(([name, tag]) =>
    deployment(`${prefix}${name}-controller`, `${registry}/${name}-controller:${tag}`, rest),
  );
}

export const of222 = ["v1.2.3", "v1.2.1", "v0.37.2", "v1.2.3"] as const;
export const of223 = ["v1.2.4", "v1.2.2", "v0.37.4", "v1.2.4"] as const;
export const of293 = ["v1.9.3", "v1.9.4", "v1.6.3", "v1.9.2"] as const;
/** no release that is known by its images */
export const of29 = ["v1.9.0", "v1.9.0", "v1.6.0", "v1.9.0"] as const;

export const labels = (version: string) => ({
  "app.kubernetes.io/part-of": "flux",
  "app.kubernetes.io/instance": "flux-system",
  "app.kubernetes.io/version": version,
});

/** The CRD that `flux version` looks at. */
export function gitRepositoryCrd(metadata: Partial<KubeObject["metadata"]> = {}): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gitrepositories.source.toolkit.fluxcd.io", ...metadata },
  };
}

export function namespaceObject(name: string, version: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: labels(version) } };
}

const operated = { apiVersion: "fluxcd.controlplane.io/v1" };

export function fluxReport(spec: FluxReport["spec"] = {}, namespace = "flux-system"): FluxReport {
  return { ...operated, kind: "FluxReport", metadata: { name: "flux", namespace }, spec };
}

export function fluxInstance(status: FluxInstance["status"] = {}, namespace = "flux-system"): FluxInstance {
  return { ...operated, kind: "FluxInstance", metadata: { name: "flux", namespace }, status };
}

const betas = ["v1beta2", "v1beta1"];
const v1AndBetas = ["v1", "v1beta2", "v1beta1"];
const flux037: ServedVersions = {
  Kustomization: betas,
  HelmRelease: ["v2beta1"],
  GitRepository: betas,
  OCIRepository: ["v1beta2"],
  HelmRepository: betas,
  HelmChart: betas,
  Bucket: betas,
  Alert: ["v1beta1"],
  Receiver: ["v1beta1"],
};
const flux038: ServedVersions = { ...flux037, Alert: betas, Receiver: betas };
const flux20: ServedVersions = {
  ...flux038,
  Kustomization: v1AndBetas,
  GitRepository: v1AndBetas,
  Receiver: v1AndBetas,
};
const flux22: ServedVersions = {
  ...flux20,
  HelmRelease: ["v2beta2", "v2beta1"],
  Alert: ["v1beta3", ...betas],
};
const flux23: ServedVersions = {
  ...flux22,
  HelmRelease: ["v2", "v2beta2", "v2beta1"],
  HelmRepository: v1AndBetas,
  HelmChart: v1AndBetas,
};
const flux24: ServedVersions = { ...flux23, Bucket: v1AndBetas };
const flux27: ServedVersions = {
  ...Object.fromEntries(
    ["Kustomization", "GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket"].map(
      (kind) => [kind, ["v1", "v1beta2"]],
    ),
  ),
  HelmRelease: ["v2", "v2beta2"],
  ExternalArtifact: ["v1"],
  Alert: ["v1beta3", "v1beta2"],
  Receiver: ["v1", "v1beta2"],
};
const flux28: ServedVersions = {
  ...Object.fromEntries(
    ["Kustomization", "GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket"].map(
      (kind) => [kind, ["v1"]],
    ),
  ),
  HelmRelease: ["v2"],
  ExternalArtifact: ["v1"],
  Alert: ["v1beta3", "v1beta2"],
  Receiver: ["v1", "v1beta2"],
};
const flux29: ServedVersions = { ...flux28, Alert: ["v1beta3"], Receiver: ["v1"] };

/** What releases serve, with the notification-controller and without the image controllers. */
export const serves = {
  none: {},
  "0.37": flux037,
  "0.38": flux038,
  "2.0": flux20,
  "2.2": flux22,
  "2.3": flux23,
  "2.4": flux24,
  "2.6": { ...flux24, OCIRepository: ["v1", "v1beta2"] },
  "2.7": flux27,
  "2.8": flux28,
  "2.9": flux29,
  "2.10": { ...flux29, Alert: ["v1", "v1beta3"] },
} satisfies Record<string, ServedVersions>;

/** What is made of it on a cluster that serves this release. */
export function detect(minor: keyof typeof serves, evidence: Omit<FluxEvidence, "served"> = {}) {
  return installedFlux({ served: serves[minor], ...evidence });
}
