/**
 * What flux-operator makes of a FluxInstance, and the chart `flux-instance` of a HelmRelease: the fields of `spec.sync` (flux-operator
 * 0.58, fluxcd.controlplane.io/v1; the chart puts `values.instance` into its spec).
 */
import type { Kind, KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { operatorGroup } from "./groups.js";
import { HelmRelease } from "./helm-release.js";
import { Kustomization } from "./kustomization.js";

export interface FluxInstance extends KubeObject {
  spec?: {
    sync?: {
      kind?: string;
      name?: string;
      url?: string;
      ref?: string;
      path?: string;
      provider?: string;
      pullSecret?: string;
    };
  };
}

export const FluxInstance: Pick<Kind, "group" | "kind"> = {
  group: operatorGroup,
  kind: "FluxInstance",
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
    kind: FluxInstance.kind,
    metadata: { name: "flux", ...(namespace ? { namespace } : {}) },
    spec: { sync },
  };
}

/** The source that a FluxInstance's sync makes, and the Kustomization of its path. */
export function syncOf({ metadata, spec }: FluxInstance): KubeObject[] {
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

type Sync = NonNullable<NonNullable<FluxInstance["spec"]>["sync"]>;

function sourceSpec({ kind, url, ref, provider, pullSecret }: Sync): object {
  const common = {
    ...(provider ? { provider } : {}),
    ...(pullSecret ? { secretRef: { name: pullSecret } } : {}),
  };
  if (kind === "Bucket") return { ...common, endpoint: url, bucketName: ref };
  const at = kind === "OCIRepository" ? { tag: ref } : { name: ref };
  return { ...common, url, ...(ref ? { ref: at } : {}) };
}
