import type { Application, OperationState, RevisionHistory } from "../argo/application.js";
import { isOpenable } from "../argo/openable.js";
import { type Deployment, deploymentsSince } from "../flux/deployments.js";
import type { ReleaseOrigin } from "../flux/revision.js";
import type { FluxWorkload } from "../flux/workload.js";
import { initiator } from "./operation.js";

/** What a history is made of. */
export interface HistorySubject {
  /** as it was read: the history so far is part of it */
  application: Application;
  workload: FluxWorkload | undefined;
  origin: ReleaseOrigin;
  /** the last operation, as it is reported now */
  operation: OperationState | undefined;
}

/** As many as Argo CD keeps where `revisionHistoryLimit` does not say. */
const usualLimit = 10;

/**
 * What was deployed, oldest first, as Argo CD lists it: what stands there stays, and what Flux has deployed since is added. What
 * Argo CD cannot open is left out.
 */
export function historyOf({ application, workload, origin, operation }: HistorySubject): RevisionHistory[] {
  const { source, revisionHistoryLimit = usualLimit } = application.spec ?? {};
  const history = (application.status?.history ?? []).filter(({ revision = "", source: its = source }) =>
    isOpenable(revision, its ?? {}),
  );
  const { revision: known, deployedAt: endedAt = "" } = history.at(-1) ?? {};
  const last = { revision: known, endedAt };
  for (const deployment of workload ? deploymentsSince(workload, origin, last) : []) {
    const { revision } = deployment;
    const circumstances = circumstancesOf(deployment, operation, endedAt);
    if (revision === undefined || !circumstances || !isOpenable(revision, source ?? {})) continue;
    const id = 1 + Math.max(-1, ...history.map((entry) => entry.id));
    history.push({ id, revision, ...circumstances, ...(source ? { source } : {}) });
  }
  return history.slice(Math.max(0, history.length - revisionHistoryLimit));
}

type Circumstances = Pick<RevisionHistory, "deployStartedAt" | "deployedAt" | "initiatedBy">;

/** From the operation that deployed it, where that is the one that is known; undefined where nobody knows when it was. */
function circumstancesOf(
  { at }: Deployment,
  operation: OperationState | undefined,
  last: string,
): Circumstances | undefined {
  if (operation && isBy(operation, at, last)) {
    const { startedAt, finishedAt = "" } = operation;
    return {
      deployStartedAt: startedAt,
      deployedAt: at !== undefined && at > finishedAt ? at : finishedAt,
      initiatedBy: operation.operation.initiatedBy ?? initiator,
    };
  }
  return at === undefined ? undefined : { deployedAt: at, initiatedBy: initiator };
}

function isBy(
  { phase, startedAt, finishedAt }: OperationState,
  at: string | undefined,
  last: string,
): boolean {
  if (phase !== "Succeeded" || finishedAt === undefined) return false;
  if (at === undefined) return finishedAt > last;
  // times are whole seconds, each rounded down by itself
  const [time, start, end] = [at, startedAt, finishedAt].map(Date.parse) as [number, number, number];
  return start - 1000 <= time && time <= end + 1000;
}
