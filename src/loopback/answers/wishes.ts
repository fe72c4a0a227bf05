import type { ApplicationSource } from "../../argo/application.js";
import { type FluxWorkload, typedRef } from "../../flux/workload.js";
import { idOf, renderId } from "../../kube/object-id.js";
import type { RequestedSync } from "./operation.js";

/**
 * Why Flux cannot do what a Sync asks for beyond reconciling, a sentence; undefined when it asks for no such thing. How Argo CD
 * would apply (`ApplyOutOfSyncOnly`, `ServerSideApply`, hooks, retries) matters to nobody here and is passed over.
 */
export function refusedWish(
  sync: RequestedSync,
  workload: FluxWorkload,
  own: ApplicationSource,
): string | undefined {
  const name = renderId(idOf(workload));
  if (sync.dryRun) return "Cannot sync as a dry run: Flux reconciles or does not";
  if (sync.manifests?.length) {
    return "Cannot sync local manifests: Flux applies what its source holds";
  }
  if (sync.resources?.length) {
    return `Cannot sync single objects: Flux applies all that ${name} makes`;
  }
  if (sync.prune && !prunes(workload)) {
    return `Cannot prune: ${name} deletes nothing that it applied (spec.prune is false)`;
  }
  if (isForced(sync)) {
    const isRelease = workload.kind === "HelmRelease";
    const where = isRelease ? "spec.install and spec.upgrade" : "spec.force";
    const instead = isRelease
      ? `; to release it again: flamingo reconcile ${typedRef({ ...workload.metadata, kind: workload.kind })} --force`
      : "";
    return `Cannot replace or force: how Flux applies objects is decided by ${where} of ${name}${instead}`;
  }
  const sources = sync.sources?.length ? sync.sources : sync.source ? [sync.source] : [];
  if (sources.some((source) => !isSameSource(source, own))) {
    return `Cannot sync from another source: where Flux gets its content is decided by ${name}`;
  }
  return undefined;
}

/** Whether reconciling deletes what the source does not have any more; Helm always does, when it upgrades a release. */
function prunes(workload: FluxWorkload): boolean {
  return workload.kind === "HelmRelease" || workload.spec?.prune === true;
}

/** Both delete objects to make them anew. */
function isForced({ syncStrategy, syncOptions = [] }: RequestedSync): boolean {
  return (
    syncStrategy?.apply?.force === true ||
    syncStrategy?.hook?.force === true ||
    syncOptions.includes("Replace=true") ||
    syncOptions.includes("Force=true")
  );
}

/** The fields that say where content comes from. Argo CD's server drops those of others that it does not know. */
function isSameSource(source: ApplicationSource, own: ApplicationSource): boolean {
  return (["repoURL", "path", "chart"] as const).every((key) => (source[key] ?? "") === (own[key] ?? ""));
}
