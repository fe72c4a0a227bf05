import type { LiveObject } from "../kube/object.js";
import { groupOf, versionOf } from "../kube/object-id.js";
import type { IgnoreRule, TargetPart } from "./ignore-rule.js";
import type { FluxWorkload } from "./workload.js";

/** What `kubectl rollout restart` sets. kustomize-controller takes it back, as all of kubectl's; Helm never looks at it. */
const restartedAt = "/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt";

/** So many rules are looked at, and so many paths that they name of an object: for each object anew. */
const most = 100;

/**
 * The JSON pointers to what Flux lets others change in an object, told so or not. Whether a pattern fits is not tried, since tenants
 * write it and not every one ends: what is no plain word, and selectors, fit every object.
 */
export function ignoredIn(object: LiveObject, workload: FluxWorkload): string[] {
  const { apiVersion, kind, metadata } = object;
  const parts: Record<TargetPart, string> = {
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? "",
  };
  const told = rulesOf(workload)
    .slice(0, most)
    .flatMap(({ paths = [], target = {} }) => {
      const isOther = (Object.keys(parts) as TargetPart[]).some((part) => {
        const wanted = target[part];
        return wanted && /^[\w.-]+$/.test(wanted) && wanted !== parts[part];
      });
      return isOther ? [] : paths.slice(0, most);
    })
    .slice(0, most);
  return workload.kind === "HelmRelease" ? [...told, restartedAt] : told;
}

function rulesOf(workload: FluxWorkload): readonly IgnoreRule[] {
  switch (workload.kind) {
    case "Kustomization":
      return workload.spec?.ignore ?? [];
    case "HelmRelease":
      return workload.spec?.driftDetection?.ignore ?? [];
    case "ResourceSet":
    case "FluxInstance":
      return [];
  }
}
