import type { ResourceStatus, SyncCode } from "../argo/application.js";
import type { ResourceNode } from "../argo/application-tree.js";
import { type HealthCode, worstOf } from "../argo/health.js";
import type { ArgoSettings } from "../argo/settings.js";
import { argoHas } from "../argo/versions.js";
import { groupKindOf, type ObjectId } from "../kube/object-id.js";
import { isJudgedInCode } from "./health/of-object.js";
import type { Managed } from "./managed.js";

/** A managed object that may be shown, with its node in the tree. */
export interface ShownObject {
  managed: Managed;
  node: ResourceNode;
}

/** On an object: its health does not count for the Application. */
const ignoreHealth = "argocd.argoproj.io/ignore-healthcheck";

/**
 * One of an Application's `status.resources`: what Argo CD's page draws beside the Application itself. The workload is among
 * them, so that the page draws what lies in other namespaces than it: it draws a line from one node to another only within a
 * namespace. Sources are not, unless the workload applies them itself: the first of them stands beside the Application all the
 * same, having no parent in the tree, and a page over the resources of all Applications would have it as often as it is shared.
 *
 * @param sync the workload's own
 * @param isDrifted whether the object is not as Flux applied it
 */
export function resourceStatus(
  managed: Managed,
  node: ResourceNode,
  sync: SyncCode,
  isDrifted: boolean,
): ResourceStatus {
  const { group, kind, namespace, name, health } = node;
  const { version } = managed.id;
  return {
    ...(group ? { group } : {}),
    ...(version ? { version } : {}),
    kind,
    ...(namespace ? { namespace } : {}),
    name,
    status: isDrifted ? "OutOfSync" : syncCodeOf(managed, sync),
    ...(health ? { health } : {}),
  };
}

function syncCodeOf({ role, object, unread }: Managed, sync: SyncCode): SyncCode {
  if (unread !== undefined) return "Unknown";
  if (!object) return "OutOfSync";
  return role === "workload" ? sync : "Synced";
}

/** An Application's own: Synced only with all that it lists. @param sync the workload's */
export function syncOfAll(sync: SyncCode, resources: readonly ResourceStatus[]): SyncCode {
  const isOff = resources.some(({ status }) => status === "OutOfSync");
  return sync === "Synced" && isOff ? "OutOfSync" : sync;
}

/** The health of a workload whose objects live on another cluster, where nobody looks: what Flux says of itself is all there is. */
export function healthOfWorkload(shown: readonly ShownObject[]): HealthCode {
  return shown.find(({ managed }) => managed.role === "workload")?.node.health?.status ?? "Unknown";
}

/**
 * For which objects that are gone an Application is Missing while others of it live: for none, but before Argo CD 3.4 for those of
 * kinds that it can judge (controller/health.go), in its code or because `argocd-cm` says how.
 */
export function missingCounts(
  release: string | undefined,
  { healthChecks }: Pick<ArgoSettings, "healthChecks">,
): (id: ObjectId) => boolean {
  if (argoHas("isMissingAsAWhole", release)) return () => false;
  return (id) => isJudgedInCode(id) || healthChecks.includes(groupKindOf(id));
}

/**
 * The health of what a workload applied: the worst of its objects; what they own counts through them. When all of them are gone it is
 * Missing; what could not be read does not count.
 *
 * @param countsGone see {@link missingCounts}
 */
export function healthOfObjects(
  shown: readonly ShownObject[],
  countsGone: (id: ObjectId) => boolean,
): HealthCode {
  const known = shown.filter(({ managed: { role, unread } }) => role === "inventory" && unread === undefined);
  if (known.length > 0 && known.every(({ managed }) => !managed.object)) return "Missing";
  return worstOf(
    known.flatMap(({ managed: { id, object }, node }): HealthCode[] => {
      if (!object) return countsGone(id) ? ["Missing"] : [];
      if (object.metadata.annotations?.[ignoreHealth] === "true") return [];
      return node.health ? [node.health.status] : [];
    }),
  );
}
