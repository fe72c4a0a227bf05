/**
 * What the Flux Operator keeps about the Flux of its cluster: the fields that flamingo reads of fluxcd.controlplane.io/v1
 * (github.com/controlplaneio-fluxcd/flux-operator, `api/v1`).
 */
import type { Kind, KubeObject } from "../../kube/object.js";
import type { FluxInstance } from "../flux-instance.js";
import { operatorGroup as group } from "../groups.js";
import { partsOf } from "./controller-image.js";

/** What the operator observes. */
export interface FluxReport extends KubeObject {
  spec?: {
    /** read off the labels of a CRD, so as true as those */
    distribution?: { version?: string; managedBy?: string };
    /** read off the Deployments */
    components?: { name?: string; image?: string; ready?: boolean }[];
  };
}

export const FluxReport: Kind<FluxReport> = { group, kind: "FluxReport", plural: "fluxreports" };

/** Digest → tag of the images that the operator knows. Deployments may name images by their digests alone. */
export function tagsByDigest(
  reports: readonly FluxReport[],
  instances: readonly FluxInstance[],
): ReadonlyMap<string, string> {
  const reported = reports
    .flatMap(({ spec }) => spec?.components ?? [])
    .map(({ image }) => partsOf(image ?? ""));
  const applied = instances.flatMap(({ status }) => status?.components ?? []);
  return new Map(
    [...reported, ...applied].flatMap(({ tag, digest }) => (tag && digest ? [[digest, tag] as const] : [])),
  );
}
