/** Who installed Flux, and so will undo what others change of it. */
import type { PodRunner } from "../../kube/kinds.js";
import type { Kind, KubeObject } from "../../kube/object.js";
import type { FluxInstance } from "../flux-instance.js";
import type { FluxReport } from "./operator.js";
import { placeOf } from "./place.js";

export interface FluxOwner {
  /** "flux bootstrap", "flux-operator", "Helm", "OLM", "Azure extension", "timoni", … */
  name: string;
  /** what says so: "CRD gitrepositories.source.toolkit.fluxcd.io" */
  where: string;
}

interface Trace {
  owner: string;
  labels?: readonly string[];
  annotations?: readonly string[];
  ownerKind?: string;
}

/**
 * What tools write on the objects that they install, the outermost first: an operator or an extension may use Helm, and
 * Helm may be run by a Kustomization.
 */
const traces: readonly Trace[] = [
  { owner: "flux-operator", labels: ["fluxcd.controlplane.io/name"] },
  {
    owner: "OLM",
    labels: ["olm.owner", "olm.managed", "operators.coreos.com/flux.operators"],
    ownerKind: "ClusterServiceVersion",
  },
  { owner: "KubeVela", labels: ["app.oam.dev/name"] },
  {
    owner: "Argo CD",
    labels: ["argocd.argoproj.io/instance"],
    annotations: ["argocd.argoproj.io/tracking-id"],
  },
  { owner: "Helm", labels: ["helm.sh/chart"], annotations: ["meta.helm.sh/release-name"] },
];

/** Of the extension of AKS and Azure Arc (microsoft.flux), which installs Flux. */
export const FluxConfig: Kind = {
  group: "clusterconfig.azure.com",
  kind: "FluxConfig",
  plural: "fluxconfigs",
};

export interface OwnerEvidence {
  instances: readonly FluxInstance[];
  reports: readonly FluxReport[];
  crd?: KubeObject | undefined;
  /** those that run Flux controllers */
  runners: readonly PodRunner[];
  /** whether any version of {@link FluxConfig} is served */
  servesFluxConfig: boolean;
}

/** Undefined when nothing says, as after `flux install` and `kubectl apply`. */
export function ownerOf(evidence: OwnerEvidence): FluxOwner | undefined {
  const { instances, reports, crd, runners, servesFluxConfig } = evidence;
  if (servesFluxConfig) return { name: "Azure extension", where: "CRD fluxconfigs.clusterconfig.azure.com" };
  if (instances[0]) return { name: "flux-operator", where: placeOf(instances[0]) };
  const objects = [...(crd ? [crd] : []), ...runners];
  for (const trace of traces) {
    const found = objects.find((object) => bears(object, trace));
    if (found) return { name: trace.owner, where: placeOf(found) };
  }
  const managed = objects.find((object) => managerOf(object) !== undefined);
  if (managed) return { name: managerOf(managed) ?? "", where: placeOf(managed) };
  // as the flux CLI and the Flux Operator tell it
  const bootstrapped = objects.find(({ metadata }) => metadata.labels?.["kustomize.toolkit.fluxcd.io/name"]);
  if (bootstrapped) return { name: "flux bootstrap", where: placeOf(bootstrapped) };
  const report = reports.find(({ spec }) => spec?.distribution?.managedBy);
  return report && { name: report.spec?.distribution?.managedBy ?? "", where: placeOf(report) };
}

function bears(
  { metadata }: KubeObject & Pick<PodRunner, "metadata">,
  { labels = [], annotations = [], ownerKind }: Trace,
): boolean {
  return (
    labels.some((key) => metadata.labels?.[key] !== undefined) ||
    annotations.some((key) => metadata.annotations?.[key] !== undefined) ||
    (metadata.ownerReferences ?? []).some(({ kind }) => kind === ownerKind)
  );
}

function managerOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.["app.kubernetes.io/managed-by"] || undefined;
}
