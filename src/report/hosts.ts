import type { Host } from "../argo/application-tree.js";
import { Node, Pod } from "../kube/kinds.js";
import type { LiveObject } from "../kube/object.js";
import { isOfKind, keyOf, objectId } from "../kube/object-id.js";
import type { LiveObjects } from "./live/live-index.js";
import { requestedBy } from "./live/requested.js";
import { hasEnded } from "./node/pod-info.js";
import { milliValue } from "./node/quantity.js";

/**
 * The machines that run Pods of an Application, as Argo CD tells of them (`getAppHosts`): what each is and has, what these Pods
 * ask of it, and what all others do. Their names alone where Nodes cannot be read.
 *
 * @param objects the Application's, Pods among them
 * @param labels those of a Node that Argo CD is told to show
 */
export function hostsOf(
  objects: readonly LiveObject[],
  live: LiveObjects,
  labels: readonly string[],
): Host[] {
  const byName = new Map<string, Pod[]>();
  for (const object of objects) {
    const name = isOfKind(object, Pod) ? (object as Pod).spec?.nodeName : undefined;
    if (!name) continue;
    const pods = byName.get(name);
    if (pods) pods.push(object);
    else byName.set(name, [object]);
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, pods]) => hostOf(name, pods, live, labels));
}

function hostOf(name: string, pods: readonly Pod[], live: LiveObjects, labels: readonly string[]): Host {
  const node = live.get(keyOf(objectId(Node, { name }))) as Node | undefined;
  if (!node) return { name };
  const { nodeInfo, capacity = {} } = node.status ?? {};
  const byApp = requestedBy(pods);
  // Argo CD counts for an Application also what has ended, for others not
  const byAppNow = requestedBy(pods.filter(({ status }) => !hasEnded(status?.phase)));
  const byAll = live.requestedOf(name);
  const resourcesInfo = (["cpu", "memory"] as const)
    .map((resourceName) => ({
      resourceName,
      requestedByApp: byApp[resourceName],
      requestedByNeighbors: byAll[resourceName] - byAppNow[resourceName],
      capacity: milliValue(capacity[resourceName] ?? 0),
    }))
    .filter((resource) => resource.capacity > 0);
  const shown = Object.entries(node.metadata.labels ?? {}).filter(([label]) => labels.includes(label));
  return {
    name,
    ...(resourcesInfo.length > 0 ? { resourcesInfo } : {}),
    ...(nodeInfo ? { systemInfo: nodeInfo } : {}),
    ...(shown.length > 0 ? { labels: Object.fromEntries(shown) } : {}),
  };
}
