/** Who would put back what somebody else changes in an Argo CD. */
import { applierOf } from "../../flux/applied-by.js";
import type { Kind, KubeObject, LiveObject } from "../../kube/object.js";
import { groupOf, renderId } from "../../kube/object-id.js";
import { Application } from "../application.js";
import { labelsOf } from "./components.js";

export interface ArgoOwner {
  by: "Helm" | "Flux" | "Argo CD" | "operator";
  /** what to change instead: "HelmRelease argocd in flux-system", "Helm release argocd", "Application argocd" */
  object: string;
}

/** The fields of an Application that tell what it manages. */
export interface ManagingApplication extends KubeObject {
  status?: { resources?: { group?: string; kind: string; namespace?: string; name: string }[] };
}

export const ManagingApplication: Kind<ManagingApplication> = Application;

/** What Argo CD's operator makes Argo CDs from: argoproj.io/v1beta1, v1alpha1 before its 0.8. Only its name is read. */
export const ArgoCd: Kind = { group: Application.group, kind: "ArgoCD", plural: "argocds" };

/** What may be known of owners besides what the objects themselves say. */
export interface PossibleOwners {
  /** of the operator: those of {@link ArgoCd} */
  operated: readonly KubeObject[];
  applications: readonly ManagingApplication[];
}

/**
 * Who keeps this object: Argo CD's operator by its owner reference, Flux by its labels, Argo CD by what it tracks with,
 * Helm by the annotation that it puts on what it installs. The operator comes first, since what it makes carries labels
 * of nobody else; Flux before Helm, since its helm-controller is one.
 */
export function ownerOf(runner: LiveObject, others: PossibleOwners): ArgoOwner | undefined {
  return operatorOf(runner, others) ?? fluxOf(runner) ?? argoOf(runner, others) ?? helmOf(runner);
}

function operatorOf(runner: LiveObject, { operated }: PossibleOwners): ArgoOwner | undefined {
  const { ownerReferences = [], namespace } = runner.metadata;
  const labels = labelsOf(runner);
  const labelled = labels[partOf] === "argocd" ? labels[managedBy] : undefined;
  const found =
    ownerReferences.find((owner) => owner.kind === ArgoCd.kind && groupOf(owner.apiVersion) === ArgoCd.group)
      ?.name ??
    operated.find(({ metadata }) => metadata.namespace === namespace && metadata.name === labelled)?.metadata
      .name;
  return found === undefined
    ? undefined
    : { by: "operator", object: renderId({ kind: ArgoCd.kind, namespace, name: found }) };
}

function fluxOf(runner: LiveObject): ArgoOwner | undefined {
  const applier = applierOf(runner, "HelmRelease") ?? applierOf(runner, "Kustomization");
  return applier && { by: "Flux", object: renderId(applier) };
}

function argoOf(runner: LiveObject, { applications }: PossibleOwners): ArgoOwner | undefined {
  const { labels = {}, namespace } = runner.metadata;
  const name =
    trackingApplication(runner) ??
    labels["argocd.argoproj.io/instance"] ??
    applications.find((application) => manages(application, runner))?.metadata.name;
  if (name === undefined) return undefined;
  // an Application outside of Argo CD's own namespace is called "NAMESPACE_NAME"
  const [, elsewhere, bare] = /^([^_]+)_(.+)$/.exec(name) ?? [];
  const where = elsewhere !== undefined && elsewhere !== namespace ? ` in ${elsewhere}` : "";
  return { by: "Argo CD", object: `Application ${bare ?? name}${where}` };
}

/** Of "argocd:apps/Deployment:argocd/argocd-server". Argo CD, too, takes no notice of one that names another object. */
function trackingApplication({ apiVersion, kind, metadata }: LiveObject): string | undefined {
  const id = metadata.annotations?.["argocd.argoproj.io/tracking-id"] ?? "";
  const self = `:${groupOf(apiVersion)}/${kind}:${metadata.namespace}/${metadata.name}`;
  return id.endsWith(self) ? id.slice(0, -self.length) : undefined;
}

function manages({ status }: ManagingApplication, { kind, metadata }: LiveObject): boolean {
  const isIt = (resource: { kind: string; namespace?: string; name: string }) =>
    resource.kind === kind && resource.name === metadata.name && resource.namespace === metadata.namespace;
  return status?.resources?.some(isIt) === true;
}

function helmOf({ metadata }: LiveObject): ArgoOwner | undefined {
  const release = metadata.annotations?.["meta.helm.sh/release-name"];
  if (!release) return undefined;
  const namespace = metadata.annotations?.["meta.helm.sh/release-namespace"] ?? metadata.namespace;
  const where = namespace === metadata.namespace ? "" : ` in ${namespace}`;
  return { by: "Helm", object: `Helm release ${release}${where}` };
}

/**
 * The Application that would keep this object if its label were Argo CD's: the key that Argo CD tracks with by default
 * is the one that Helm charts and people write, too.
 */
export function possibleApplication(runner: LiveObject): string | undefined {
  return labelsOf(runner)["app.kubernetes.io/instance"];
}

const partOf = "app.kubernetes.io/part-of";
const managedBy = "app.kubernetes.io/managed-by";
