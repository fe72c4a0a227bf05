/** Of FluxInstance, ResourceSet and what else the Flux Operator brings (github.com/controlplaneio-fluxcd/flux-operator, `api/v1`). */
export const operatorGroup = "fluxcd.controlplane.io";

/** Whether a group is Flux's, or of somebody who extends it. */
export function isFluxGroup(group: string): boolean {
  return group.endsWith(".fluxcd.io") || group === operatorGroup;
}

/** Whether Flux's own controllers reconcile the kinds of a group. */
export function isToolkitGroup(group: string): boolean {
  return group.endsWith(".toolkit.fluxcd.io") || group === "source.extensions.fluxcd.io";
}

/**
 * Whether the kinds of a group say how they are as Flux's own do, by Ready, Stalled and Reconciling: those of the Flux Operator and of
 * tofu-controller do.
 */
export function saysAsFlux(group: string): boolean {
  return isToolkitGroup(group) || group === operatorGroup || group === "infra.contrib.fluxcd.io";
}
