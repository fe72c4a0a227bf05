/** The labels that controllers put on everything that they apply: PREFIX/name and PREFIX/namespace. */
import type { KubeObject, LiveObject } from "../kube/object.js";
import { type ObjectId, renderId } from "../kube/object-id.js";
import { operatorGroup } from "./groups.js";
import { HelmRelease } from "./helm-release.js";
import { Kustomization } from "./kustomization.js";

const groups = {
  Kustomization: Kustomization.group,
  HelmRelease: HelmRelease.group,
  ResourceSet: operatorGroup,
  FluxInstance: operatorGroup,
} as const;

type ApplierKind = keyof typeof groups;

const prefixes: Readonly<Record<ApplierKind, string>> = {
  ...groups,
  ResourceSet: `resourceset.${operatorGroup}`,
};

const kinds = Object.keys(prefixes) as ApplierKind[];

/** Whether Flux's controllers, or the Flux Operator, applied an object. */
export function isAppliedByFlux({ metadata: { labels } }: KubeObject): boolean {
  return labels !== undefined && kinds.some((kind) => labels[`${prefixes[kind]}/name`] !== undefined);
}

/** What of this kind applied an object, as that says; undefined when nothing did. */
export function applierOf({ metadata: { labels = {} } }: KubeObject, kind: ApplierKind) {
  const [name, namespace] = [labels[`${prefixes[kind]}/name`], labels[`${prefixes[kind]}/namespace`]];
  return name ? { kind, namespace, name } : undefined;
}

/** What of flux-operator made an object, as its labels say; undefined when nothing did. */
export function operatorOf(object: KubeObject): ObjectId | undefined {
  const maker = applierOf(object, "ResourceSet") ?? applierOf(object, "FluxInstance");
  return maker && { ...maker, group: operatorGroup, namespace: maker.namespace ?? "" };
}

/** The workloads that applied an object, as its labels say; more than one where somebody has copied labels. */
export function labelledBy(object: KubeObject): (ObjectId & { kind: ApplierKind })[] {
  return kinds.flatMap((kind) => {
    const { name, namespace } = applierOf(object, kind) ?? {};
    return name && namespace ? [{ group: groups[kind], kind, namespace, name }] : [];
  });
}

/** The labels that a workload puts on what it applies. */
export function labelsOf({
  kind,
  namespace = "",
  name,
}: {
  kind: ApplierKind;
  namespace?: string;
  name: string;
}) {
  return { [`${prefixes[kind]}/name`]: name, [`${prefixes[kind]}/namespace`]: namespace };
}

/** The label selector of everything that a workload applied, wherever it lies. */
export function appliedSelector(
  applier: Pick<ObjectId, "namespace" | "name"> & { kind: ApplierKind },
): string {
  return Object.entries(labelsOf(applier))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/**
 * What would make an object anew when it is deleted, "Kustomization apps in flux-system"; undefined for nothing known. It may
 * well be on another cluster.
 */
export function parentOf(object: LiveObject): string | undefined {
  const [owner] = object.metadata.ownerReferences ?? [];
  if (owner) return renderId(owner);
  for (const kind of kinds) {
    const applier = applierOf(object, kind);
    if (applier) return renderId(applier);
  }
  return undefined;
}
