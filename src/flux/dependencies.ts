import { idOf, keyOf, type ObjectId, objectId, renderId } from "../kube/object-id.js";
import { isSuspended } from "./condition.js";
import { verdictOf } from "./state.js";
import { type FluxWorkload, workloadKinds } from "./workload.js";

/** What a workload has to wait for: `spec.dependsOn`, of its own kind, in its own namespace where none is named. */
export function dependenciesOf({ kind, metadata, spec }: FluxWorkload): ObjectId[] {
  return (spec?.dependsOn ?? []).map(({ name = "", namespace = metadata.namespace }) =>
    objectId(workloadKinds[kind], { name, namespace }),
  );
}

/**
 * What a workload waits for, and what that waits for in its turn, to what is at the bottom of it: "waits for Kustomization b in
 * apps, which waits for Kustomization c in apps, which is suspended". Undefined when none is known that is not ready.
 *
 * @param find a workload, undefined for one that does not exist, "unread" for one of which nothing is known
 */
export function waitingChainOf(
  workload: FluxWorkload,
  find: (id: ObjectId) => FluxWorkload | "unread" | undefined,
): string | undefined {
  const seen = new Set([keyOf(idOf(workload))]);
  const steps: string[] = [];
  let current: FluxWorkload | undefined = workload;
  while (current) {
    const blocker = blockerOf(current, find);
    if (!blocker) break;
    const { id, found, why } = blocker;
    const isCircle = seen.has(keyOf(id));
    seen.add(keyOf(id));
    current = isCircle ? undefined : found;
    steps.push(`waits for ${renderId(id)}`);
    if (isCircle) steps.push("closes the circle");
    else if (!found || !blockerOf(found, find)) steps.push(why);
  }
  return steps.length > 0 ? steps.join(", which ") : undefined;
}

interface Blocker {
  id: ObjectId;
  found: FluxWorkload | undefined;
  why: string;
}

/** The first dependency that is not ready. Only one that waits for others leads further. */
function blockerOf(
  workload: FluxWorkload,
  find: (id: ObjectId) => FluxWorkload | "unread" | undefined,
): Blocker | undefined {
  if (verdictOf(workload).is !== "waiting") return undefined;
  for (const id of dependenciesOf(workload)) {
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
