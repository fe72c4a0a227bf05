import { groupOf, idOf, keyOf, type ObjectId, objectId, renderId } from "../kube/object-id.js";
import { verdictOf } from "./state.js";
import { isSuspended } from "./suspension.js";
import { type FluxWorkload, isWorkloadId, workloadKinds } from "./workload.js";

/**
 * What a workload has to wait for: `spec.dependsOn`, in its own namespace where none is named. Those of a Kustomization or HelmRelease
 * are of its own kind, those of a ResourceSet of any.
 */
export function dependenciesOf(workload: FluxWorkload): ObjectId[] {
  const { namespace: own = "" } = workload.metadata;
  switch (workload.kind) {
    case "Kustomization":
    case "HelmRelease":
      return (workload.spec?.dependsOn ?? []).map(({ name = "", namespace = own }) =>
        objectId(workloadKinds[workload.kind], { name, namespace }),
      );
    case "ResourceSet":
      return (workload.spec?.dependsOn ?? []).map(
        ({ apiVersion = "", kind = "", name = "", namespace = own }) => ({
          ...{ group: groupOf(apiVersion), kind, namespace, name },
        }),
      );
    case "FluxInstance":
      return [];
  }
}

/** So long is a chain, and so many dependencies of each are looked at: tenants write them, and each that waits tells of all. */
const most = { chain: 50, dependencies: 200, lookedAt: 1000 };

/** A workload, undefined for one that does not exist, "unread" for one of which nothing is known. */
export type FindWorkload = (id: ObjectId) => FluxWorkload | "unread" | undefined;

/** What a workload waits for, and what that waits for in its turn, to what is at the bottom of it. */
export interface WaitingChain {
  /** each waits for the next one; a circle ends with what it has already, or with the workload itself */
  ids: readonly ObjectId[];
  /** "waits for Kustomization b in apps, which waits for Kustomization c in apps, which is suspended" */
  sentence: string;
}

/** Undefined when nothing is known that is not ready. */
export function waitingChainOf(workload: FluxWorkload, find: FindWorkload): WaitingChain | undefined {
  const seen = new Set([keyOf(idOf(workload))]);
  const ids: ObjectId[] = [];
  const steps: string[] = [];
  let current: FluxWorkload | undefined = workload;
  while (current && ids.length < most.chain) {
    const blocker = blockerOf(current, find);
    if (!blocker) break;
    const { id, found, why } = blocker;
    const isCircle = seen.has(keyOf(id));
    seen.add(keyOf(id));
    current = isCircle ? undefined : found;
    ids.push(id);
    steps.push(`waits for ${renderId(id)}`);
    if (isCircle) steps.push("closes the circle");
    else if (!found || !blockerOf(found, find)) steps.push(why);
  }
  if (current && ids.length === most.chain && blockerOf(current, find)) steps.push("waits for others");
  return ids.length > 0 ? { ids, sentence: steps.join(", which ") } : undefined;
}

/** All that {@link waitingChainOf} may look at, whatever is known of each: another state of one of them may make another chain. */
export function lookedAtFor(workload: FluxWorkload, find: FindWorkload): ObjectId[] {
  const ids = new Map<string, ObjectId>();
  const due = [workload];
  for (const one of due) {
    if (ids.size >= most.lookedAt) break;
    if (verdictOf(one).is !== "waiting") continue;
    for (const id of soughtBy(one).filter((wanted) => !ids.has(keyOf(wanted)))) {
      ids.set(keyOf(id), id);
      const found = find(id);
      if (found && found !== "unread") due.push(found);
    }
  }
  return [...ids.values()];
}

interface Blocker {
  id: ObjectId;
  found: FluxWorkload | undefined;
  why: string;
}

function soughtBy(workload: FluxWorkload): ObjectId[] {
  return dependenciesOf(workload).slice(0, most.dependencies);
}

/** The first dependency that is not ready. Only one that waits for others leads further. */
function blockerOf(workload: FluxWorkload, find: FindWorkload): Blocker | undefined {
  if (verdictOf(workload).is !== "waiting") return undefined;
  for (const id of soughtBy(workload)) {
    // of other objects Flux's message tells
    if (!isWorkloadId(id)) continue;
    const found = find(id);
    if (found === "unread") continue;
    const why = found ? troubleOf(found) : "does not exist";
    if (why !== undefined) return { id, found, why };
  }
  return undefined;
}

/** Why nobody may rely on a workload: "is suspended"; undefined for one that is ready. */
export function troubleOf(workload: FluxWorkload): string | undefined {
  const verdict = verdictOf(workload);
  if (verdict.is === "ready") return undefined;
  if (workload.metadata.deletionTimestamp) return "is being deleted";
  if (isSuspended(workload)) return "is suspended";
  switch (verdict.is) {
    case "unseen":
    case "stale":
      return "is not reconciled yet";
    case "waiting":
      return `waits for its ${verdict.on}: ${verdict.message}`;
    case "failed":
      return `failed: ${verdict.message}`;
    default:
      return "is being reconciled";
  }
}
