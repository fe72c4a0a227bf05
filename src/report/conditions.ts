import { conditionType, type UntimedCondition } from "../argo/conditions.js";
import { failureOf } from "../flux/state.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { groupKindOf, idOf, renderId } from "../kube/object-id.js";
import { redact } from "../redact.js";
import { andList } from "../text/and-list.js";
import type { Managed, UnreadKind } from "./managed.js";

/** What a workload applies and nobody looks for. */
export function elsewhereConditions(workload: FluxWorkload): UntimedCondition[] {
  if (!workload.spec?.kubeConfig) return [];
  const name = renderId(idOf(workload));
  const message = `${name} applies its objects to another cluster (spec.kubeConfig), where they are not looked for`;
  return [{ type: conditionType.elsewhere, message }];
}

/** Which workload and sources do not exist. */
export function absenceConditions(shown: readonly Managed[]): UntimedCondition[] {
  return shown
    .filter(({ role, object, unread }) => role !== "inventory" && !object && unread === undefined)
    .map(({ id }) => ({ type: conditionType.invalid, message: `${renderId(id)} does not exist` }));
}

/** Who fails to give inputs: with those that it gave before, the workload may be ready all the same. */
export function inputConditions(providers: readonly LiveObject[]): UntimedCondition[] {
  return providers.flatMap((provider) => {
    const failure = failureOf(provider);
    if (failure === undefined) return [];
    return [{ type: conditionType.unread, message: `${renderId(idOf(provider))} failed: ${failure}` }];
  });
}

/** What Kubernetes' own controllers make of an object, which is missing from the tree when it cannot be read. */
const madeOf: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["apps/ReplicaSet", "/Pod"],
  "apps/ReplicaSet": ["/Pod"],
  "apps/StatefulSet": ["/Pod"],
  "apps/DaemonSet": ["/Pod"],
  "batch/CronJob": ["batch/Job", "/Pod"],
  "batch/Job": ["/Pod"],
};

/** Which kinds that the tree should have could not be read. */
export function unreadConditions(
  shown: readonly Managed[],
  unread: readonly UnreadKind[],
): UntimedCondition[] {
  const wanted = new Set(
    shown.map(({ id }) => groupKindOf(id)).flatMap((kind) => [kind, ...(madeOf[kind] ?? [])]),
  );
  return unread
    .filter((kind) => wanted.has(groupKindOf(kind)))
    .map(({ group, kind, because: reason }) => ({
      type: conditionType.unread,
      message: `Cannot read ${group ? `${kind}.${group}` : kind}${because(reason)}`,
    }));
}

/** How much is left out, but not what: that is the point of leaving it out. */
export function omissionConditions(
  omitted: number,
  project: string,
  excluded: readonly Managed[],
): UntimedCondition[] {
  const conditions: UntimedCondition[] = [];
  if (omitted > 0) {
    conditions.push({
      type: conditionType.omitted,
      message: `${objects(omitted)} not shown: the AppProject ${project} does not permit ${omitted === 1 ? "it" : "them"}`,
    });
  }
  if (excluded.length > 0) {
    const kinds = [...new Set(excluded.map(({ id }) => id.kind))].sort();
    conditions.push({
      type: conditionType.omitted,
      message: `${objects(excluded.length)} not shown: Argo CD is told to leave out ${andList(kinds)}`,
    });
  }
  return conditions;
}

function objects(count: number): string {
  return count === 1 ? "1 object is" : `${count} objects are`;
}

/** What stands behind a sentence that has a reason: ": no such host". */
export function because(message: string | undefined): string {
  return message ? `: ${redact(message)}` : "";
}
