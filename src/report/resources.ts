import type { ResourceStatus, SyncCode } from "../argo/application.js";
import type { ResourceNode } from "../argo/application-tree.js";
import { type HealthCode, worstOf } from "../argo/health.js";
import { fluxReadiness } from "../flux/readiness.js";
import type { Managed } from "./managed.js";

/** On an object: its health does not count for the Application. */
const ignoreHealth = "argocd.argoproj.io/ignore-healthcheck";

/**
 * An Application's `status.resources`: what Argo CD's page draws beside the Application itself, lists and offers a diff of.
 * Sources and workload are among them, so that the page shows objects in other namespaces than the workload's at all: it
 * draws a line from one node to another only within a namespace.
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
  if (role === "workload") return sync;
  if (role === "inventory") return "Synced";
  return (fluxReadiness(object)?.status ?? "Current") === "Current" ? "Synced" : "OutOfSync";
}

/** An Application's own: Synced only with all that the workload applied. */
export function syncOfAll(
  sync: SyncCode,
  managed: readonly Managed[],
  resources: readonly ResourceStatus[],
): SyncCode {
  const isOff = managed.some(
    ({ role }, place) => role === "inventory" && resources[place]?.status === "OutOfSync",
  );
  return sync === "Synced" && isOff ? "OutOfSync" : sync;
}

/**
 * The health of an Application: the worst of those that it manages; what they own counts through them. What could not be read
 * does not count, but without the workload itself nothing is known.
 */
export function healthOfAll(managed: readonly { managed: Managed; node: ResourceNode }[]): HealthCode {
  return worstOf(
    managed.flatMap(({ managed: { role, object, unread }, node }): HealthCode[] => {
      if (role === "workload" && unread !== undefined) return ["Unknown"];
      if (object?.metadata.annotations?.[ignoreHealth] === "true") return [];
      return node.health ? [node.health.status] : [];
    }),
  );
}
