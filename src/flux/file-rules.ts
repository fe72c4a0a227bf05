import type { KubeObject } from "../kube/object.js";
import { metadataShape, specShapes, statusShape } from "./file-shapes.js";
import { HelmRelease } from "./helm-release.js";
import { Kustomization } from "./kustomization.js";
import { misfit } from "./shape.js";
import { type ArtifactGenerator, ExternalArtifact, sourceKinds } from "./sources.js";
import { isFragment } from "./workload.js";

/** Of flux-operator, fluxcd.controlplane.io/v1: the fields that say which source it makes. */
interface FluxInstance extends KubeObject {
  spec?: {
    sync?: {
      kind?: string;
      name?: string;
      url?: string;
      ref?: string;
      provider?: string;
      pullSecret?: string;
    };
  };
}

const wantedKinds = new Set(
  [Kustomization, HelmRelease, ...Object.values(sourceKinds)].map(({ group, kind }) => `${group}/${kind}`),
);
wantedKinds.add("fluxcd.controlplane.io/FluxInstance");

/** Flux's kinds, told apart by group: kustomize's own `kind: Kustomization` is foreign. */
export function classify(object: KubeObject): "wanted" | "foreign" | "fragment" {
  if (!wantedKinds.has(`${object.apiVersion.split("/")[0]}/${object.kind}`)) return "foreign";
  return isFragment(object) ? "fragment" : "wanted";
}

/**
 * What an API server would refuse in the fields that matter: texts that YAML reads as something else (`tag: 1.10` is the
 * number 1.1), maps and lists that are none, no name.
 */
export function problemIn(object: KubeObject): string | undefined {
  const { metadata, spec, status } = object as KubeObject & { spec?: unknown; status?: unknown };
  const problem =
    misfit(metadata, metadataShape, "metadata") ??
    misfit(spec, specShapes[object.kind] ?? {}, "spec") ??
    misfit(status, statusShape, "status");
  return problem ?? (metadata?.name ? undefined : "metadata.name is missing");
}

/** The source that a FluxInstance's sync makes, the artifacts that an ArtifactGenerator makes. */
export function derive(object: KubeObject): KubeObject[] {
  if (object.kind === "FluxInstance") return sourceOfInstance(object as FluxInstance);
  if (object.kind !== "ArtifactGenerator") return [];
  const { metadata, kind, apiVersion, spec } = object as ArtifactGenerator;
  const sourceRef = {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  };
  return (spec?.artifacts ?? []).flatMap(({ name }) =>
    name ? [{ ...derived(ExternalArtifact.kind, name, metadata.namespace), spec: { sourceRef } }] : [],
  );
}

function sourceOfInstance({ metadata, spec }: FluxInstance): KubeObject[] {
  const { sync } = spec ?? {};
  if (!sync) return [];
  const kind = sync.kind ?? "GitRepository";
  const source = derived(kind, sync.name || (metadata.namespace ?? ""), metadata.namespace);
  const { url, ref, provider } = sync;
  const common = {
    ...(provider ? { provider } : {}),
    ...(sync.pullSecret ? { secretRef: { name: sync.pullSecret } } : {}),
  };
  if (kind === "Bucket")
    return [{ ...source, spec: { ...common, endpoint: url, bucketName: ref } } as KubeObject];
  const at = kind === "OCIRepository" ? { tag: ref } : { name: ref };
  return [{ ...source, spec: { ...common, url, ...(ref ? { ref: at } : {}) } } as KubeObject];
}

function derived(kind: string, name: string, namespace: string | undefined): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
  };
}
