import type { ApplicationStatus, ResourceStatus } from "../../argo/application.js";
import { conditionType, since } from "../../argo/conditions.js";
import { isFluxGroup } from "../../flux/groups.js";
import { keyOfReference } from "../../kube/object-id.js";

/**
 * What `.status.resources` may take. etcd takes 1.5 MB of an object as a rule (`--max-request-bytes`), and what became of each
 * object in the last operation takes more than as much again.
 */
const mostBytes = 400_000;

/**
 * A status that can be stored, however much a workload applies. Beyond some thousand objects those that are well are left out,
 * and of the others those that come last; the tree has them all.
 */
export function bounded(
  status: ApplicationStatus,
  before: ApplicationStatus | undefined,
  now: Date,
): ApplicationStatus {
  const { resources = [], operationState, conditions = [] } = status;
  if (bytesOf(resources) <= mostBytes) return status;
  const kept = keysThatFit(resources);
  const isKept = (object: Parameters<typeof keyOfReference>[0]) => kept.has(keyOfReference(object));
  const message = `${resources.length - kept.size} of ${resources.length} objects are only in the tree: an Application that lists them all could not be stored`;
  const { syncResult } = operationState ?? {};
  const results = syncResult?.resources?.filter(isKept);
  return {
    ...status,
    resources: resources.filter(isKept),
    ...(operationState && syncResult && results
      ? { operationState: { ...operationState, syncResult: { ...syncResult, resources: results } } }
      : {}),
    conditions: [
      ...conditions,
      ...since([{ type: conditionType.omitted, message }], before?.conditions, now),
    ],
  };
}

function keysThatFit(resources: readonly ResourceStatus[]): Set<string> {
  const kept = new Set<string>();
  let leftBytes = mostBytes;
  for (const resource of resources.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    leftBytes -= bytesOf(resource);
    if (leftBytes < 0) break;
    kept.add(keyOfReference(resource));
  }
  return kept;
}

/** Sources and the workload come first. */
function rankOf({ group, health }: ResourceStatus): number {
  if (group && isFluxGroup(group)) return 0;
  return health === undefined || health.status === "Healthy" ? 2 : 1;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
