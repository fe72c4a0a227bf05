import { isKnownRepository } from "../../argo/repositories.js";
import { UserError } from "../../errors.js";
import { type Location, locate } from "../../flux/location.js";
import { idOfWorkload, typedRef, type Workload } from "../../flux/workload.js";
import { idOf, keyOf, objectId, renderId } from "../../kube/object-id.js";
import { inClusterServer } from "../../names.js";
import { stripCredentials } from "../../redact.js";
import { type Finding, finding } from "./finding.js";
import type { ClusterState } from "./read-state.js";
import type { KnownSources } from "./workload-findings.js";

/** Applications of the engine loopback for whose source Flux has credentials, and Argo CD, which asks there by itself, has none. */
export function privateSourceFindings({
  apps,
  workloads,
  sources,
  repositories,
}: Pick<ClusterState, "apps" | "workloads" | "sources" | "repositories">): Finding[] {
  if (!workloads || !repositories) return [];
  const byKey = new Map(workloads.map((workload) => [keyOf(idOfWorkload(workload)), workload]));
  return apps.flatMap(({ namespace, name, loopback, cluster, project, repository: url, shows }) => {
    const isShown = loopback === "ours" && cluster === inClusterServer;
    const workload = isShown ? byKey.get(keyOf(shows)) : undefined;
    if (!workload || !url || isKnownRepository(repositories, { url, project })) return [];
    const location = locationOf(workload, sources);
    const source = location?.sources.at(-1);
    // no credentials make Argo CD read a bucket
    if (!source || !location?.credentials || location.origin === "Bucket") return [];
    const by = location.credentials === "secretRef" ? "spec.secretRef" : `provider ${location.credentials}`;
    return [
      finding(
        "source-private",
        { kind: "Application", namespace, name },
        {
          why: `Flux has credentials for ${renderId(idOf(source))} (${by}), and Argo CD has no repository ${stripCredentials(url)}: its page shows errors for revisions, and its Sync is refused`,
          remedy: `Add the repository to Argo CD with read rights: argocd repo add; Reconcile on the node and flamingo reconcile ${typedRef(workload)} --with-source need none`,
        },
      ),
    ];
  });
}

/** Undefined where it cannot be told: why is a finding of its own, or generate-app says it. */
function locationOf(workload: Workload, { objects }: KnownSources): Location | undefined {
  try {
    const location = locate(
      workload,
      ({ kind, ref }) => objects.get(keyOf(objectId(kind, ref))) ?? "unknown",
    );
    return "needs" in location ? undefined : location;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
