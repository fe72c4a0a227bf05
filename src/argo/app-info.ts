import { stripCredentials } from "../redact.js";
import { type Application, projectOf } from "./application.js";
import { clusterOf } from "./generated.js";
import { normalizeRepository } from "./repositories.js";
import { argoHas } from "./versions.js";

/**
 * The labels of an Application in `argocd_app_info`, as Argo CD's application-controller serves it to Prometheus
 * (controller/metrics/metrics.go, 2.8 to 3.6). Unlike there no credentials are left in `repo`.
 *
 * @param release of Argo CD: "3.6.1"; the newest where it is not known
 * @param ownName what Argo CD's own cluster is called there, beside "in-cluster"
 */
export function appInfoOf(
  application: Application,
  { release, ownName }: { release?: string | undefined; ownName?: string | undefined },
): Record<string, string> {
  const { metadata, spec = {}, operation, status = {} } = application;
  const { automated } = spec.syncPolicy ?? {};
  const source = spec.sources?.[0] ?? spec.source;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    project: projectOf(application),
    ...(argoHas("countsAutosync", release)
      ? { autosync_enabled: String(!!automated && automated.enabled !== false) }
      : {}),
    repo: normalizeRepository(stripCredentials(source?.repoURL ?? "")),
    dest_server: clusterOf(application, ownName) ?? "",
    dest_namespace: spec.destination?.namespace ?? "",
    sync_status: status.sync?.status || "Unknown",
    health_status: status.health?.status || "Unknown",
    operation: metadata.deletionTimestamp ? "delete" : operation?.sync ? "sync" : "",
    // what flamingo makes has no hydrator
    ...(argoHas("countsPhases", release)
      ? { hydrator_status: "", phase: status.operationState?.phase ?? "" }
      : {}),
  };
}
