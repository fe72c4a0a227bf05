import type { KubeObject } from "../kube/object.js";
import type { FluxWorkload } from "./workload.js";

/** Labels or annotations by which Flux is told not to put right what others change of an object (Flux 2.9, any case). */
const tells: readonly (readonly [key: string, values: readonly string[]])[] = [
  ["kustomize.toolkit.fluxcd.io/ssa", ["merge", "ifnotpresent", "ignore"]],
  ["kustomize.toolkit.fluxcd.io/reconcile", ["disabled"]],
  ["helm.toolkit.fluxcd.io/driftDetection", ["disabled"]],
];

/** Whether Flux leaves alone what others change of an object. */
export function isLeftAlone(object: KubeObject): boolean {
  return tells.some(([key, values]) => says(object, key, values));
}

/** Whether Flux leaves an object where it is that is no longer in its source, or its chart. */
export function isKept(object: KubeObject): boolean {
  return (
    says(object, "kustomize.toolkit.fluxcd.io/prune", ["disabled"]) ||
    says(object, "fluxcd.controlplane.io/prune", ["disabled"]) ||
    says(object, "helm.sh/resource-policy", ["keep"])
  );
}

/** Whether a workload deletes what it has ceased to apply: all do but a Kustomization that is not told to. */
export function prunes(workload: FluxWorkload): boolean {
  return workload.kind !== "Kustomization" || workload.spec?.prune === true;
}

/** Whether Flux does not apply an object of its source at all. */
export function isNotApplied(object: KubeObject): boolean {
  return (
    says(object, "kustomize.toolkit.fluxcd.io/reconcile", ["disabled"]) ||
    says(object, "kustomize.toolkit.fluxcd.io/ssa", ["ignore"])
  );
}

function says(
  { metadata: { labels = {}, annotations = {} } }: KubeObject,
  key: string,
  values: readonly string[],
) {
  return [labels[key], annotations[key]].some(
    (value) => value !== undefined && values.includes(String(value).toLowerCase()),
  );
}
