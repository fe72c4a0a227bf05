/** Whether a group is Flux's, or of somebody who extends it below its name. */
export function isFluxGroup(group: string): boolean {
  return group.endsWith(".fluxcd.io");
}

/** Whether Flux's own controllers reconcile the kinds of a group. */
export function isToolkitGroup(group: string): boolean {
  return group.endsWith(".toolkit.fluxcd.io") || group === "source.extensions.fluxcd.io";
}
