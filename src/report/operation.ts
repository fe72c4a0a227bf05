import type { Application, Operation, OperationState } from "../argo/application.js";
import { conditionOf } from "../flux/condition.js";
import { failuresOf, messagesOf } from "../flux/failures.js";
import { isBusy, isStale } from "../flux/readiness.js";
import { attemptedRevision, hasApplied, wantedRevision } from "../flux/revision.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import type { ObjectId } from "../kube/object-id.js";
import { redact } from "../redact.js";
import { parseDuration } from "../text/duration.js";
import { kubeTime } from "../text/time.js";
import type { AppliedObject } from "./applied.js";
import { type Pass, resultsOf } from "./results.js";

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
  applied: readonly AppliedObject[];
  /** by the AppProject */
  permitted(id: ObjectId): boolean;
}

/**
 * The last reconciliation, as the last operation of an Application. What was asked for through Argo CD stays: while it is
 * not done, and after that until Flux has reconciled again.
 */
export function operationStateOf(subject: OperationSubject): OperationState | undefined {
  const { application } = subject;
  const before = application.status?.operationState;
  if (application.operation) return before && withResultsSoFar(before, subject);
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
  const running: OperationState = {
    ...begun(application, revision),
    phase: "Running",
    ...(condition.message ? { message: redact(condition.message) } : {}),
    startedAt: condition.lastTransitionTime,
  };
  return withResultsSoFar(running, subject);
}

/** What was pruned is known for a moment only. */
function withResultsSoFar(state: OperationState, subject: OperationSubject): OperationState {
  if (state.phase !== "Running" || !state.syncResult) return state;
  const resources = resultsOf({
    ...subject,
    ...knownOf(subject, state),
    finishedAt: undefined,
    failure: undefined,
  });
  return resources.length > 0 ? { ...state, syncResult: { ...state.syncResult, resources } } : state;
}

function finishedOperation(subject: OperationSubject): OperationState | undefined {
  const { application, workload, content } = subject;
  const ready = conditionOf(workload, "Ready");
  const finishedAt = ready?.lastTransitionTime;
  if (!ready || !finishedAt || ready.status === "Unknown") return undefined;
  const succeeded = ready.status === "True";
  const message = redact(ready.message ?? "");
  const operation = begun(application, attemptedRevision(workload, content));
  const last: OperationState = {
    ...operation,
    phase: succeeded ? "Succeeded" : "Failed",
    ...(message ? { message } : {}),
    startedAt: startOf(workload, finishedAt),
    finishedAt,
  };
  if (!last.syncResult) return last;
  const failure = succeeded ? undefined : redact(messagesOf(failuresOf(workload)));
  const resources = resultsOf({ ...subject, ...knownOf(subject, last), finishedAt, failure });
  return { ...last, syncResult: { ...last.syncResult, resources } };
}

/** Since when an operation goes on, and what was found out of it before: what somebody asked for may take Flux several passes. */
function knownOf(
  { application }: OperationSubject,
  state: OperationState,
): Pick<Pass, "startedAt" | "known"> {
  const before = application.status?.operationState;
  const { startedAt, finishedAt } = state;
  const goesOn = before?.finishedAt === undefined || before.finishedAt === finishedAt;
  if (!goesOn || !before) return { startedAt, known: [] };
  const earliest = before.startedAt < startedAt ? before.startedAt : startedAt;
  return { startedAt: earliest, known: before.syncResult?.resources ?? [] };
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
