import type { Application, ApplicationSource } from "../../argo/application.js";
import { prunes } from "../../flux/left-alone.js";
import type { FluxWorkload, WorkloadKind } from "../../flux/workload.js";
import { idOf, renderId } from "../../kube/object-id.js";
import type { RequestedSync } from "./operation.js";
import { editing, typedName } from "./to-type.js";

/**
 * Why Flux cannot do what a Sync asks for beyond reconciling, a sentence; undefined when it asks for no such thing. How Argo CD
 * would apply (`ApplyOutOfSyncOnly`, `ServerSideApply`, hooks, retries) matters to nobody here and is passed over.
 */
export function refusedWish(
  sync: RequestedSync,
  workload: FluxWorkload,
  application: Application,
): string | undefined {
  const name = renderId(idOf(workload));
  const typed = typedName(application);
  const change = `to change that: ${editing(workload)}`;
  if (sync.dryRun) return `Cannot sync as a dry run: Flux reconciles or does not${diffing(workload)}`;
  if (sync.manifests?.length) {
    return `Cannot sync local manifests: Flux applies what its source holds; once they are there: flamingo reconcile ${typed} --with-source`;
  }
  if (sync.resources?.length) {
    return `Cannot sync single objects: Flux applies all that ${name} makes; to have that done: flamingo reconcile ${typed}`;
  }
  if (sync.prune && !prunes(workload)) {
    return `Cannot prune: ${name} deletes nothing that it applied (spec.prune is false); ${change}`;
  }
  if (isForced(sync)) {
    const isRelease = workload.kind === "HelmRelease";
    const instead = isRelease ? `to release it again: flamingo reconcile ${typed} --force` : change;
    return `Cannot replace or force: how Flux applies objects is decided by ${forcedBy[workload.kind]} of ${name}; ${instead}`;
  }
  const sources = sync.sources?.length ? sync.sources : sync.source ? [sync.source] : [];
  const own = application.spec?.source ?? {};
  if (sources.some((source) => !isSameSource(source, own))) {
    return `Cannot sync from another source: where Flux gets its content is decided by ${name}; ${change}`;
  }
  return undefined;
}

/** What says whether objects are replaced that cannot be changed. */
const forcedBy: Readonly<Record<WorkloadKind, string>> = {
  Kustomization: "spec.force",
  HelmRelease: "spec.install and spec.upgrade",
  ResourceSet: "the annotation fluxcd.controlplane.io/force",
  FluxInstance: "the Flux Operator, and nothing",
};

/** Flux's own command; of others nobody has one. */
function diffing({ kind, metadata: { name, namespace } }: FluxWorkload): string {
  if (kind !== "Kustomization") return "";
  return `; to see what it would change: flux diff kustomization ${name} -n ${namespace} --path FOLDER`;
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
