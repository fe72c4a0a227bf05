/**
 * The Flux Operator's FluxInstance, what it makes of `spec.sync`, and the chart `flux-instance` of a HelmRelease (flux-operator 0.59,
 * fluxcd.controlplane.io/v1; the chart puts `values.instance` into its spec).
 */
import type { Kind, KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { operatorGroup } from "./groups.js";
import { HelmRelease } from "./helm-release.js";
import { Kustomization } from "./kustomization.js";
import type { OperatorSpec, OperatorStatus } from "./operator-status.js";

export interface FluxInstance extends KubeObject {
  kind: "FluxInstance";
  spec?: OperatorSpec & { sync?: FluxSync };
  status?: OperatorStatus & {
    components?: { name?: string; repository?: string; tag?: string; digest?: string }[];
  };
}

/** Where a FluxInstance has its Flux begin. */
export interface FluxSync {
  kind?: string;
  name?: string;
  url?: string;
  ref?: string;
  path?: string;
  provider?: string;
  pullSecret?: string;
}

export const FluxInstance: Kind<FluxInstance> = {
  group: operatorGroup,
  kind: "FluxInstance",
  plural: "fluxinstances",
};

/** The FluxInstance that an object is, or that the chart of a HelmRelease makes. */
export function fluxInstanceFrom(object: KubeObject): FluxInstance | undefined {
  if (isOfKind(object, FluxInstance)) return object as FluxInstance;
  if (!isOfKind(object, HelmRelease)) return undefined;
  const { chart, chartRef, targetNamespace, values } = (object as HelmRelease).spec ?? {};
  const { sync } = (values as { instance?: FluxInstance["spec"] } | undefined)?.instance ?? {};
  // a chart in a registry is called as its OCIRepository says, which may have another name
  const isChart = chartRef !== undefined || chart?.spec?.chart === "flux-instance";
  if (!isChart || typeof sync?.url !== "string") return undefined;
  const namespace = targetNamespace || object.metadata.namespace;
  return {
    apiVersion: `${FluxInstance.group}/v1`,
    kind: "FluxInstance",
    metadata: { name: "flux", ...(namespace ? { namespace } : {}) },
    spec: { sync },
  };
}

/** The source that a FluxInstance's sync makes, and the Kustomization of its path. */
export function syncOf({ metadata, spec }: Pick<FluxInstance, "metadata" | "spec">): KubeObject[] {
  const { sync } = spec ?? {};
  if (!sync) return [];
  const { namespace } = metadata;
  const place = { name: sync.name || (namespace ?? ""), ...(namespace ? { namespace } : {}) };
  const kind = sync.kind ?? "GitRepository";
  const source = { apiVersion: "source.toolkit.fluxcd.io/v1", kind, metadata: place, spec: sourceSpec(sync) };
  if (sync.path === undefined) return [source];
  const kustomization: Kustomization = {
    apiVersion: `${Kustomization.group}/v1`,
    kind: "Kustomization",
    metadata: place,
    spec: { path: sync.path, prune: true, sourceRef: { kind, name: place.name } },
  };
  return [source, kustomization];
}

function sourceSpec({ kind, url, ref, provider, pullSecret }: FluxSync): object {
  const common = {
    ...(provider ? { provider } : {}),
    ...(pullSecret ? { secretRef: { name: pullSecret } } : {}),
  };
  if (kind === "Bucket") return { ...common, endpoint: url, bucketName: ref };
  const at = kind === "OCIRepository" ? { tag: ref } : { name: ref };
  return { ...common, url, ...(ref ? { ref: at } : {}) };
}
