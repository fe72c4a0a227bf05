import type { ApplicationCondition } from "../argo/application.js";
import { type Condition, conditionOf } from "../flux/condition.js";
import type { FluxWorkload } from "../flux/workload.js";
import { groupKindOf, idOf, renderId } from "../kube/object-id.js";
import { redact } from "../redact.js";
import { andList } from "../text/and-list.js";
import { kubeTime } from "../text/time.js";
import type { Managed, UnreadKind } from "./managed.js";

/**
 * The types that Argo CD's page, its commands and notifications know, and two of our own. With the first two, Argo CD's server
 * tells the message when redis has forgotten the tree; without them such a request would hang.
 */
export const conditionType = {
  /** what the Application shows is not there, or must not be shown */
  invalid: "InvalidSpecError",
  /** something could not be read */
  unread: "ComparisonError",
  /** Flux cannot do it */
  failed: "SyncError",
  /** objects are left out */
  omitted: "ExcludedResourceWarning",
  waiting: "DependencyWarning",
  elsewhere: "RemoteClusterWarning",
} as const;

type Wording = Omit<ApplicationCondition, "lastTransitionTime">;

/** What Flux says is wrong with a workload. */
export function workloadConditions(workload: FluxWorkload): Wording[] {
  const name = renderId(idOf(workload));
  const stalled = conditionOf(workload, "Stalled");
  const ready = conditionOf(workload, "Ready");
  const conditions: Wording[] = [];
  if (stalled?.status === "True") {
    const why = because(messagesOf([stalled, ...failuresOf(workload)]));
    conditions.push({ type: conditionType.failed, message: `${name} is stalled${why}` });
  } else if (ready?.status === "False" && ready.reason === "DependencyNotReady") {
    conditions.push({
      type: conditionType.waiting,
      message: `${name} waits for its dependencies${because(ready.message)}`,
    });
  } else if (ready?.status === "False") {
    const why = because(messagesOf(failuresOf(workload)));
    conditions.push({ type: conditionType.failed, message: `${name} failed${why}` });
  }
  if (workload.spec?.kubeConfig) {
    conditions.push({
      type: conditionType.elsewhere,
      message: `${name} applies its objects to another cluster (spec.kubeConfig), where they are not looked for`,
    });
  }
  return conditions;
}

/** Of a release that was rolled back, Ready tells that, and Released why. */
function failuresOf(workload: FluxWorkload): Condition[] {
  return ["Ready", "Released"]
    .map((type) => conditionOf(workload, type))
    .filter((condition) => condition?.status === "False") as Condition[];
}

function messagesOf(conditions: readonly Condition[]): string {
  return [...new Set(conditions.map(({ message = "" }) => message))].filter((text) => text !== "").join("; ");
}

/** Which workload and sources do not exist. */
export function absenceConditions(shown: readonly Managed[]): Wording[] {
  return shown
    .filter(({ role, object, unread }) => role !== "inventory" && !object && unread === undefined)
    .map(({ id }) => ({ type: conditionType.invalid, message: `${renderId(id)} does not exist` }));
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
export function unreadConditions(shown: readonly Managed[], unread: readonly UnreadKind[]): Wording[] {
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
): Wording[] {
  const conditions: Wording[] = [];
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

/** Each condition with the time when it was first reported so. */
export function since(
  conditions: readonly Wording[],
  before: readonly ApplicationCondition[] | undefined,
  now: Date,
): ApplicationCondition[] {
  return conditions.map((condition) => {
    const known = before?.find(
      ({ type, message }) => type === condition.type && message === condition.message,
    );
    return { ...condition, lastTransitionTime: known?.lastTransitionTime ?? kubeTime(now) };
  });
}

function objects(count: number): string {
  return count === 1 ? "1 object is" : `${count} objects are`;
}

function because(message: string | undefined): string {
  return message ? `: ${redact(message)}` : "";
}
