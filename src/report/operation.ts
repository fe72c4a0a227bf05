import type {
  Application,
  Operation,
  OperationState,
  ResourceResult,
  ResourceStatus,
} from "../argo/application.js";
import { conditionOf } from "../flux/condition.js";
import { isBusy, isStale } from "../flux/readiness.js";
import { attemptedRevision, hasApplied, wantedRevision } from "../flux/revision.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, versionOf } from "../kube/object-id.js";
import { redact } from "../redact.js";
import { parseDuration } from "../text/duration.js";
import { kubeTime } from "../text/time.js";

/** Who has started what nobody asked Argo CD for. */
export const initiator = "Flux";

/** Carries, in an operation that somebody asked for, since when Flux had said what it said when that ended. */
const saidSince = "flamingo/flux-ready-since";

/** An operation that ends now. */
export function ended<T extends Operation>(operation: T, workload: FluxWorkload | undefined): T {
  const value = workload && conditionOf(workload, "Ready")?.lastTransitionTime;
  if (value === undefined) return operation;
  return { ...operation, info: [...(operation.info ?? []), { name: saidSince, value }] };
}

/** What an operation is about. */
export interface OperationSubject {
  application: Application;
  workload: FluxWorkload;
  content: LiveObject | undefined;
  /** what Flux applied, as far as it may be shown */
  applied: readonly ResourceStatus[];
}

/**
 * The last reconciliation, as the last operation of an Application. What was asked for through Argo CD stays: while it is
 * not done, and after that until Flux has reconciled again.
 */
export function operationStateOf(subject: OperationSubject): OperationState | undefined {
  const { application } = subject;
  const before = application.status?.operationState;
  if (application.operation) return before;
  const last = isUnderWay(subject) ? runningOperation(subject) : finishedOperation(subject);
  if (!last || !before) return last ?? before;
  const isOurs = before.operation.initiatedBy?.username === initiator;
  if (isOurs || !before.finishedAt) return last;
  return isSince(before, last) ? last : before;
}

/** Whether Flux has reconciled since an operation ended: by what it had said, as clocks differ, and the same second may see both. */
function isSince({ operation, finishedAt = "" }: OperationState, last: OperationState): boolean {
  const known = operation.info?.find(({ name }) => name === saidSince)?.value;
  if (known !== undefined && last.finishedAt !== undefined) return known !== last.finishedAt;
  return finishedAt < (last.finishedAt ?? last.startedAt);
}

/**
 * Flux looks at each interval whether all is as it applied it, which is no operation; nor is the pause after a failure, until
 * it tries again.
 */
function isUnderWay({ workload, content }: OperationSubject): boolean {
  const pauses = conditionOf(workload, "Reconciling")?.reason === "ProgressingWithRetry";
  if (pauses && conditionOf(workload, "Ready")?.status === "False") return false;
  return isBusy(workload) && (isStale(workload) || hasApplied(workload, content) !== true);
}

function runningOperation(subject: OperationSubject): OperationState | undefined {
  const { application, workload, content } = subject;
  const condition = conditionOf(workload, "Reconciling") ?? conditionOf(workload, "Ready");
  if (!condition?.lastTransitionTime) return undefined;
  const revision = wantedRevision(workload, content);
  return {
    ...begun(application, revision),
    phase: "Running",
    ...(condition.message ? { message: redact(condition.message) } : {}),
    startedAt: condition.lastTransitionTime,
  };
}

function finishedOperation(subject: OperationSubject): OperationState | undefined {
  const { application, workload, content, applied } = subject;
  const ready = conditionOf(workload, "Ready");
  const finishedAt = ready?.lastTransitionTime;
  if (!ready || !finishedAt || ready.status === "Unknown") return undefined;
  const succeeded = ready.status === "True";
  const message = redact(ready.message ?? "");
  const operation = begun(application, attemptedRevision(workload, content));
  const resources = succeeded ? applied.map(resultOf) : [failureOf(workload, message)];
  return {
    ...operation,
    phase: succeeded ? "Succeeded" : "Failed",
    ...(message ? { message } : {}),
    ...(operation.syncResult ? { syncResult: { ...operation.syncResult, resources } } : {}),
    startedAt: startOf(workload, finishedAt),
    finishedAt,
  };
}

function begun({ spec: { source } = {} }: Application, revision: string | undefined) {
  return {
    operation: { sync: revision ? { revision } : {}, initiatedBy: { username: initiator } },
    ...(revision ? { syncResult: { revision, ...(source ? { source } : {}) } } : {}),
  };
}

/** Flux tells how long it took, but not always. */
function startOf(workload: FluxWorkload, finishedAt: string): string {
  const took =
    workload.kind === "Kustomization"
      ? workload.status?.history?.[0]?.lastReconciledDuration
      : workload.status?.lastAttemptedReleaseActionDuration;
  const tookMs = took === undefined ? undefined : parseDuration(took);
  return tookMs === undefined ? finishedAt : kubeTime(new Date(Date.parse(finishedAt) - tookMs));
}

function resultOf({ group, version, kind, namespace, name }: ResourceStatus): ResourceResult {
  return {
    group: group ?? "",
    version: version ?? "",
    kind,
    namespace: namespace ?? "",
    name,
    status: "Synced",
    syncPhase: "Sync",
  };
}

/** Flux says what went wrong, but not to which object. */
function failureOf(workload: FluxWorkload, message: string): ResourceResult {
  const id = { ...idOf(workload), version: versionOf(workload.apiVersion) };
  return { ...id, status: "SyncFailed", ...(message ? { message } : {}), syncPhase: "Sync" };
}
