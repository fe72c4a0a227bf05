import { HelmRelease } from "../flux/helm-release.js";
import { Kustomization } from "../flux/kustomization.js";
import {
  Bucket,
  ExternalArtifact,
  GitRepository,
  HelmChart,
  HelmRepository,
  OCIRepository,
} from "../flux/sources.js";
import type { Kind } from "../kube/object.js";

/** The kinds that decide what an FSA image can show. */
export const fluxKinds = {
  Kustomization,
  HelmRelease,
  GitRepository,
  OCIRepository,
  HelmRepository,
  HelmChart,
  Bucket,
  ExternalArtifact,
} satisfies Record<string, Kind>;

export type FluxKind = keyof typeof fluxKinds;

/** What a cluster serves of Flux. */
export interface FluxApis {
  /** every served version by kind, newest first; none for a kind that is not served */
  served: Readonly<Record<FluxKind, readonly string[]>>;
  /**
   * API group → its preferred version. Not needed for CRDs: of a group of CRDs the API server always prefers the newest
   * version (all have the same priority), so an Argo CD watches each kind in its newest one
   * (client-go, `discovery/discovery_client.go`, `ServerPreferredResources`).
   */
  preferred?: Readonly<Record<string, string>>;
}

/** The version in which Argo CD holds live objects of this kind; undefined when it is not served. */
export function preferredVersion({ served, preferred }: FluxApis, kind: FluxKind): string | undefined {
  const ofGroup = preferred?.[fluxKinds[kind].group];
  return ofGroup !== undefined && served[kind].includes(ofGroup) ? ofGroup : served[kind][0];
}

export function servesFlux({ served }: FluxApis): boolean {
  return served.Kustomization.length > 0 || served.HelmRelease.length > 0;
}
