/** The API groups of Flux. */
import type { KubeObject } from "../kube/object.js";
import { groupOf } from "../kube/object-id.js";

/** Whether kinds of a group are reconciled by Flux's own controllers; flux-operator's follow other rules. */
export function isFluxGroup(group: string): boolean {
  return group.endsWith(".toolkit.fluxcd.io") || group === "source.extensions.fluxcd.io";
}

/** A Kustomization, a source and their like; also of others that extend Flux and keep below its name. */
export function isOfFlux({ apiVersion }: KubeObject): boolean {
  return groupOf(apiVersion).endsWith(".fluxcd.io");
}
