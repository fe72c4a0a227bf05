import type { Application, Operation, OperationState } from "../argo/application.js";
import { attemptOf, isSameSpec } from "../flux/attempt.js";
import { conditionOf } from "../flux/condition.js";
import { attemptedRevision, wantedRevision } from "../flux/revision.js";
import { lastVerdictOf, verdictOf } from "../flux/state.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import type { ObjectId } from "../kube/object-id.js";
import { parseDuration } from "../text/duration.js";
import { kubeTime, parseTime } from "../text/time.js";
import type { AppliedObject } from "./applied.js";
import { keeping, keptBy, keptNow } from "./kept.js";
import { type Pass, resultsOf } from "./results.js";

/** Who has started what nobody asked Argo CD for. A person may be called so, but Argo CD calls nobody `automated`. */
export const initiator = { username: "Flux", automated: true } as const;

function isInitiator({ username, automated }: Operation["initiatedBy"] = {}): boolean {
  return username === initiator.username && automated === true;
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

/** The last operation while nothing new is applied. One of Flux's that has not ended ends as Flux says. */
export function lastOperation(subject: OperationSubject): OperationState | undefined {
  const before = subject.application.status?.operationState;
  if (before?.finishedAt) return before;
  const verdict = lastVerdictOf(subject.workload);
  switch (verdict.is) {
    case "failed":
      return finished(subject, "Failed", verdict);
    case "waiting":
      return before && finished(subject, "Failed", { ...verdict, reason: verdict.on });
    case "ready":
      return finished(subject, "Succeeded", verdict);
    default:
      return before;
  }
}

/** Flux applies something new: under way from the first object on that it has changed. */
export function runningOperation(subject: OperationSubject, message: string): OperationState | undefined {
  const { application, workload, content } = subject;
  const before = application.status?.operationState;
  const underWay = before && !before.finishedAt ? before : undefined;
  // of this attempt somebody has ended it
  if (before?.finishedAt && keptBy(before).attempt === attemptOf(workload, content)) return before;
  const began = conditionOf(workload, "Ready")?.lastTransitionTime ?? "";
  const isPass = verdictOf(workload).is === "reconciling" && began !== "";
  const hasActed = subject.applied.some(({ left }) => left === "pruned") || lastChangeOf(subject) >= began;
  if (!underWay && !(isPass && hasActed)) return lastOperation(subject);
  const { operation, ...rest } = begun(application, wantedRevision(workload, content));
  const running: OperationState = {
    ...rest,
    operation: keeping(operation, keptBy(before)),
    phase: "Running",
    ...(message ? { message } : {}),
    startedAt: underWay?.startedAt ?? began,
  };
  return withResultsSoFar(running, subject);
}

/**
 * An operation that is over when it is first seen, as it was under way: catalogs of notifications before Argo CD 3 tell a new one
 * from the last one by its phase, which has to leave Succeeded or Failed in between.
 */
export function beginningOf(
  state: OperationState | undefined,
  before: OperationState | undefined,
): OperationState | undefined {
  if (!state?.finishedAt || !before?.finishedAt || state.finishedAt === before.finishedAt) return undefined;
  const { finishedAt: _, operation, ...rest } = state;
  return { ...rest, operation: keeping(operation, keptBy(before)), phase: "Running" };
}

/** When Flux last created or changed an object; "" where that is not known. */
function lastChangeOf({ applied }: OperationSubject): string {
  return applied.reduce((latest, { appliedAt = "" }) => (appliedAt > latest ? appliedAt : latest), "");
}

/** What somebody asked for and is not done; what Flux has done of it by now is known for a moment only. */
export function askedOperation(subject: OperationSubject): OperationState | undefined {
  const before = subject.application.status?.operationState;
  return before && withResultsSoFar(before, subject);
}

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

/** Flux has failed. A retry that fails alike is the same failure, however long it took this time. */
export function failedOperation(
  subject: OperationSubject,
  failure: { reason: string; message: string },
): OperationState | undefined {
  const { application, workload, content } = subject;
  const before = application.status?.operationState;
  const kept = keptBy(before);
  const now = keptNow(workload, content, failure.reason);
  const isSame = kept.failed === now.failed && kept.attempt === now.attempt;
  if (!before?.finishedAt || !isSame) return finished(subject, "Failed", failure) ?? before;
  const isOurs = isInitiator(before.operation.initiatedBy);
  if (!isOurs || isSameButForNumbers(before.message ?? "", failure.message)) return before;
  const told = finished(subject, "Failed", failure);
  if (!told) return before;
  return { ...told, startedAt: before.startedAt, finishedAt: before.finishedAt };
}

/** Flux is done: with something new, or nothing has happened that would be an operation. */
export function succeededOperation(subject: OperationSubject, message: string): OperationState | undefined {
  const { application, workload, content } = subject;
  const before = application.status?.operationState;
  const now = keptNow(workload, content, undefined);
  const kept = keptBy(before);
  if (!before?.finishedAt || kept.failed !== undefined || kept.applied !== now.applied)
    return finished(subject, "Succeeded", { message }) ?? before;
  if (kept.attempt === now.attempt) return before;
  // what is built has the same digest with other labels of its own, or other ways to apply it
  const isOtherwise = workload.kind !== "HelmRelease" && !isSameSpec(kept.attempt ?? "", now.attempt ?? "");
  if (isOtherwise && lastChangeOf(subject) > before.finishedAt)
    return finished(subject, "Succeeded", { message }) ?? before;
  return { ...before, operation: keeping(before.operation, now) };
}

/** What Flux's messages have that changes with each try: durations, counts, times. */
export function isSameButForNumbers(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/\d+(?:\.\d+)?(?:ms|µs|[smh])?/g, "0").replace(/0+/g, "0");
  return plain(one) === plain(other);
}

function finished(
  subject: OperationSubject,
  phase: "Succeeded" | "Failed",
  { message, reason = "" }: { message: string; reason?: string },
): OperationState | undefined {
  const { application, workload, content } = subject;
  const before = application.status?.operationState;
  const finishedAt = conditionOf(workload, "Ready")?.lastTransitionTime;
  if (!finishedAt) return undefined;
  const { operation, ...rest } = begun(application, revisionOf(subject));
  const isFailed = phase === "Failed";
  const state: OperationState = {
    ...rest,
    operation: keeping(operation, keptNow(workload, content, isFailed ? reason : undefined)),
    phase,
    ...(message ? { message } : {}),
    startedAt: before && !before.finishedAt ? before.startedAt : startOf(workload, finishedAt),
    finishedAt,
  };
  if (!state.syncResult) return state;
  const failure = isFailed ? message : undefined;
  const resources = resultsOf({ ...subject, ...knownOf(subject, state), finishedAt, failure });
  return { ...state, syncResult: { ...state.syncResult, resources } };
}

/** Since when an operation goes on, and what was found out of it before: what somebody asked for may take Flux several passes. */
function knownOf(
  { application }: OperationSubject,
  state: OperationState,
): Pick<Pass, "startedAt" | "known"> {
  const before = application.status?.operationState;
  const { startedAt, finishedAt } = state;
  // two may be over in the same second
  const isSame = before?.finishedAt === finishedAt && keptBy(before).attempt === keptBy(state).attempt;
  const goesOn = before?.finishedAt === undefined || isSame;
  if (!goesOn || !before) return { startedAt, known: [] };
  const earliest = before.startedAt < startedAt ? before.startedAt : startedAt;
  return { startedAt: earliest, known: before.syncResult?.resources ?? [] };
}

/** What could not be fetched or has no such path was not written down as tried. */
function revisionOf({ workload, content }: OperationSubject): string | undefined {
  const isUntried = conditionOf(workload, "Ready")?.reason === "ArtifactFailed";
  return isUntried ? wantedRevision(workload, content) : attemptedRevision(workload, content);
}

/** What became of the objects, of a Sync that somebody asked for. */
export function syncResultOf(
  subject: OperationSubject,
  phase: "Succeeded" | "Failed",
  message: string,
): OperationState["syncResult"] {
  return finished(subject, phase, { message })?.syncResult;
}

function begun({ spec: { source } = {} }: Application, revision: string | undefined) {
  return {
    operation: { sync: revision ? { revision } : {}, initiatedBy: initiator },
    ...(revision ? { syncResult: { revision, ...(source ? { source } : {}) } } : {}),
  };
}

/** Flux tells how long it took, but not always. */
function startOf(workload: FluxWorkload, finishedAt: string): string {
  const took =
    workload.kind === "HelmRelease"
      ? workload.status?.lastAttemptedReleaseActionDuration
      : workload.status?.history?.[0]?.lastReconciledDuration;
  const tookMs = took === undefined ? undefined : parseDuration(took);
  const startMs = tookMs === undefined ? undefined : (parseTime(finishedAt) ?? 0) - tookMs;
  // whoever may write a status may say that it took centuries
  return startMs === undefined || startMs < 0 ? finishedAt : kubeTime(new Date(startMs));
}
