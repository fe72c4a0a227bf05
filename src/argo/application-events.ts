import type { Application, OperationState } from "./application.js";

/** What an Event about an Application says. */
export interface ApplicationEvent {
  type: "Normal" | "Warning";
  reason: "ResourceUpdated" | "OperationCompleted";
  message: string;
}

/**
 * What Argo CD's application-controller would say of a change of an Application's status in Events, in its words (`persistAppStatus`
 * and `setOperationState` of controller/appcontroller.go, 2.8 to 3.6).
 */
export function applicationEvents(
  { status: before = {} }: Application,
  { status: after = {} }: Application,
): ApplicationEvent[] {
  const sync = changeOf("sync", before.sync?.status, after.sync?.status);
  const health = changeOf("health", before.health?.status, after.health?.status);
  const causes = after.health?.message ? ` (${after.health.message})` : "";
  return [
    ...(sync === undefined ? [] : [updated(sync)]),
    ...(health === undefined ? [] : [updated(`${health}${causes}`)]),
    ...completions(before.operationState, after.operationState),
  ];
}

/** Of a status that was not there before the text has nothing where its name would be. */
function changeOf(what: "sync" | "health", before = "", after = ""): string | undefined {
  return before === after ? undefined : `Updated ${what} status: ${before} -> ${after}`;
}

function updated(message: string): ApplicationEvent {
  return { type: "Normal", reason: "ResourceUpdated", message };
}

/** @returns one, unless nothing is over, or that very operation was already */
function completions(
  before: OperationState | undefined,
  after: OperationState | undefined,
): ApplicationEvent[] {
  const wasOver = before?.finishedAt !== undefined && before.startedAt === after?.startedAt;
  if (after?.finishedAt === undefined || wasOver) return [];
  const isPartial = (after.operation.sync?.resources ?? []).length > 0;
  const to = after.syncResult ? ` to ${after.syncResult.revision}` : "";
  const isGood = after.phase === "Succeeded";
  return [
    {
      type: isGood ? "Normal" : "Warning",
      reason: "OperationCompleted",
      message: `${isPartial ? "Partial sync" : "Sync"} operation${to} ${isGood ? "succeeded" : `failed: ${after.message ?? ""}`}`,
    },
  ];
}
