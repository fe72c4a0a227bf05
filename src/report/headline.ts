import type { Application, ApplicationStatus, OperationState } from "../argo/application.js";
import { conditionType } from "../argo/conditions.js";
import { waitingChainOf } from "../flux/dependencies.js";
import type { SourceChain } from "../flux/source-chain.js";
import { stateOf, type WorkloadState } from "../flux/state.js";
import type { FluxWorkload } from "../flux/workload.js";
import { groupKindOf, idOf, keyOf, type ObjectId, renderId } from "../kube/object-id.js";
import type { UnreadKind } from "./managed.js";
import { beginningOf, type OperationSubject } from "./operation.js";
import { type Headline, standingHeadline } from "./standing.js";

export interface HeadlineInput extends Omit<OperationSubject, "workload"> {
  /** undefined: there is none, unless its kind is among `unread` */
  workload: FluxWorkload | undefined;
  workloadId: ObjectId;
  chain: SourceChain;
  /** see `ReportInput` */
  workloads: ReadonlyMap<string, FluxWorkload>;
  unread: readonly UnreadKind[];
  /** whether Flux has had the time to write the rest of a status whose conditions are new */
  isSettled: boolean;
  /** no other report follows */
  isLast: boolean;
}

/** Health, sync status, last operation and conditions of an Application, by the state of its workload and what was said before. */
export function headlineOf(input: HeadlineInput): Headline {
  const { application, workload, chain, workloads, unread, permitted, isSettled } = input;
  if (!workload) return withoutWorkload(input);
  const unreadKinds = new Set(unread.map(groupKindOf));
  const isUnread = (id: ObjectId) => unreadKinds.has(groupKindOf(id));
  const state = stateOf(workload, chain, isUnread);
  if (state.is === "unsettled" && !isSettled && application.status?.sync)
    return headlineBefore(application.status);
  const headline = standingHeadline({
    ...input,
    workload,
    state: state.is === "unsettled" ? { ...state, is: "ready" } : state,
    waiting: waitingChainOf(workload, (id) => {
      if (!permitted(id)) return "unread";
      return workloads.get(keyOf(id)) ?? (isUnread(id) ? "unread" : undefined);
    }),
    sourceMessage: state.is === "sourceFailed" ? messageOfSource(state, input) : "",
  });
  const beginning = input.isLast
    ? undefined
    : beginningOf(headline.operationState, application.status?.operationState);
  return beginning ? { ...headline, operationState: beginning, isBeginning: true } : headline;
}

/** Nothing of it lives; when it cannot be read, nothing is known of it. */
function withoutWorkload({ application, workloadId, unread }: HeadlineInput): Headline {
  const isUnread = unread.some((kind) => groupKindOf(kind) === groupKindOf(workloadId));
  return {
    sync: "Unknown",
    operationState: lastOf(application),
    conditions: [],
    healthWith: () => (isUnread ? "Unknown" : "Missing"),
  };
}

/** Without a workload nothing goes on; what a Sync came to stays to be read. */
function lastOf({ operation, status }: Application): OperationState | undefined {
  const last = status?.operationState;
  return operation || last?.finishedAt ? last : undefined;
}

const own: readonly string[] = [conditionType.failed, conditionType.waiting, conditionType.deleting];

function headlineBefore({ sync, health, operationState, conditions = [] }: ApplicationStatus): Headline {
  return {
    sync: sync?.status ?? "Unknown",
    operationState,
    conditions: conditions
      .filter(({ type }) => own.includes(type))
      .map(({ type, message }) => ({ type, message })),
    healthWith: () => health?.status ?? "Unknown",
    isUnsettled: true,
  };
}

function messageOfSource(
  { source, message }: WorkloadState & { is: "sourceFailed" },
  { permitted }: HeadlineInput,
): string {
  return permitted(idOf(source)) ? `${renderId(idOf(source))} failed: ${message}` : "Its source failed";
}
