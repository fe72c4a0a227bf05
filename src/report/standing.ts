import type { ApplicationCondition, OperationState, SyncCode } from "../argo/application.js";
import { conditionType, type UntimedCondition } from "../argo/conditions.js";
import { type HealthCode, worstOf } from "../argo/health.js";
import { attemptOf, isSameSpec } from "../flux/attempt.js";
import type { WaitingChain } from "../flux/dependencies.js";
import { isStale } from "../flux/readiness.js";
import { hasApplied } from "../flux/revision.js";
import { lastVerdictOf, type WorkloadState, wasEverApplied } from "../flux/state.js";
import type { FluxWorkload } from "../flux/workload.js";
import { idOf, type ObjectId, renderId } from "../kube/object-id.js";
import { because } from "./conditions.js";
import { type Kept, keptBy } from "./kept.js";
import {
  askedOperation,
  failedOperation,
  isSameButForNumbers,
  lastOperation,
  type OperationSubject,
  runningOperation,
  succeededOperation,
} from "./operation.js";
import { type Row, type Standing, standings } from "./standings.js";

/** A workload, and what was said of it before. */
export interface StandingSubject extends OperationSubject {
  state: Exclude<WorkloadState, { is: "unsettled" }>;
  /** what may be said of what it waits for */
  waiting: WaitingChain | undefined;
  /** what may be said of a source that failed */
  sourceMessage: string;
}

/** What stands at the head of an Application's page. */
export interface Headline {
  /** the workload's own, objects aside */
  sync: SyncCode;
  operationState: OperationState | undefined;
  conditions: readonly UntimedCondition[];
  /** workloads, each of which waits for the next one, and the first of them waited for */
  waitsFor?: readonly ObjectId[] | undefined;
  /** @param ofObjects the health of what the workload applied */
  healthWith(ofObjects: HealthCode): HealthCode;
  /** the report before stands for a moment: Flux has written half of its status */
  isUnsettled?: true;
  /** the operation is over already: so the next report tells */
  isBeginning?: true;
}

/** The headline by the row of {@link standings} that a workload is in. */
export function standingHeadline(subject: StandingSubject): Headline {
  const { application } = subject;
  const kept = keptBy(application.status?.operationState);
  const standing = standingOf(subject, kept);
  const row: Row = standings[standing];
  const operationState = application.operation
    ? askedOperation(subject)
    : operationBy(row.operation, subject);
  return {
    sync: syncBy(row.sync, subject, kept),
    operationState,
    conditions: conditionsBy(row.condition, subject),
    waitsFor: chainOf(subject)?.ids,
    healthWith: (ofObjects) => {
      // what Flux says of itself is under way each time, what it has applied is not
      const isElsewhere = subject.workload.spec?.kubeConfig !== undefined;
      const isKnown = standing === "done" || wasEverApplied(subject.workload);
      const known = isElsewhere && standing === "again" ? "Healthy" : ofObjects;
      return healthBy(row.health, isKnown ? known : "Progressing", kept, operationState);
    },
  };
}

function standingOf({ state, workload, content }: StandingSubject, kept: Kept): Standing {
  switch (state.is) {
    case "suspended":
      return wasEverApplied(workload) ? "suspended" : "neverApplied";
    case "stale":
    case "reconciling":
      return isRepeated(workload, content, kept) ? "again" : "applying";
    case "ready":
      return hasApplied(workload, content) === false ? "applying" : "done";
    default:
      return state.is;
  }
}

/** Whether what Flux does is what it did last; where that is not known, whether it has applied what there is. */
function isRepeated(workload: FluxWorkload, content: OperationSubject["content"], kept: Kept): boolean {
  const applied = hasApplied(workload, content);
  if (kept.attempt === undefined) return applied === true && !isStale(workload);
  if (kept.attempt !== attemptOf(workload, content)) return false;
  return kept.failed !== undefined || (applied !== false && wasEverApplied(workload));
}

function operationBy(rule: Row["operation"], subject: StandingSubject): OperationState | undefined {
  const { state } = subject;
  const message = "message" in state ? state.message : "";
  switch (rule) {
    case "last":
      return lastOperation(subject);
    case "running":
      return runningOperation(subject, message);
    case "failed":
      return failedOperation(subject, { message, reason: "reason" in state ? state.reason : "" });
    case "succeeded":
      return succeededOperation(subject, message);
  }
}

function healthBy(
  rule: Row["health"],
  ofObjects: HealthCode,
  kept: Kept,
  operationState: OperationState | undefined,
): HealthCode {
  switch (rule) {
    case "objects":
      return ofObjects;
    case "before":
      return kept.failed === undefined ? ofObjects : worstOf(["Degraded", ofObjects]);
    case "applying":
      return operationState && !operationState.finishedAt ? "Progressing" : ofObjects;
    default:
      return rule;
  }
}

function syncBy(rule: Row["sync"], subject: StandingSubject, kept: Kept): SyncCode {
  const { workload, content } = subject;
  if (rule !== "before") return rule;
  const failed =
    kept.attempt === undefined ? lastVerdictOf(workload).is === "failed" : kept.failed !== undefined;
  const isOther = kept.attempt !== undefined && !isSameSpec(kept.attempt, attemptOf(workload, content));
  const isBehind = hasApplied(workload, content) === false || !wasEverApplied(workload);
  return failed || isOther || isBehind ? "OutOfSync" : "Synced";
}

function conditionsBy(rule: Row["condition"], subject: StandingSubject): UntimedCondition[] {
  const { state, workload, sourceMessage, application } = subject;
  const before = application.status?.conditions ?? [];
  const name = renderId(idOf(workload));
  if (rule === "before") return sayingAsBefore(subject);
  switch (state.is) {
    case "waiting":
      return [
        steady(
          { type: conditionType.waiting, message: `${name} ${waitingSentence(subject, state)}` },
          before,
        ),
      ];
    case "sourceFailed":
      return [{ type: conditionType.unread, message: sourceMessage }];
    case "failed":
      return [steady(failureCondition(workload, state), before)];
    case "deleting":
      return [{ type: conditionType.deleting, message: `${name} is being deleted` }];
    default:
      return [];
  }
}

function chainOf({ state, waiting }: StandingSubject): WaitingChain | undefined {
  return state.is === "waiting" && state.on === "dependencies" ? waiting : undefined;
}

function waitingSentence(
  subject: StandingSubject,
  { on, message }: WorkloadState & { is: "waiting" },
): string {
  return chainOf(subject)?.sentence ?? `waits for its ${on}${because(message)}`;
}

/** While the same is tried again, what was said last is still so. */
function sayingAsBefore({ workload, application: { status } }: StandingSubject): UntimedCondition[] {
  const said = (status?.conditions ?? []).filter(
    ({ type }) => type === conditionType.failed || type === conditionType.waiting,
  );
  if (status?.sync) return said.map(({ type, message }) => ({ type, message }));
  const verdict = lastVerdictOf(workload);
  return verdict.is === "failed" ? [failureCondition(workload, verdict)] : [];
}

function failureCondition(
  workload: FluxWorkload,
  { isStalled, message }: WorkloadState & { is: "failed" },
): UntimedCondition {
  const what = isStalled ? "is stalled" : "failed";
  return { type: conditionType.failed, message: `${renderId(idOf(workload))} ${what}${because(message)}` };
}

/** A message that differs by a duration only is the one that stands there. */
function steady(condition: UntimedCondition, before: readonly ApplicationCondition[]): UntimedCondition {
  const said = before.find(
    ({ type, message }) => type === condition.type && isSameButForNumbers(message, condition.message),
  );
  return said ? { type: said.type, message: said.message } : condition;
}
