import { Application, type OperationState, type ResourceStatus } from "./application.js";
import { argoHas } from "./versions.js";

/** What an Event about an Application says. */
export interface ApplicationEvent {
  type: "Normal" | "Warning";
  reason: "ResourceUpdated" | "OperationCompleted";
  message: string;
}

/**
 * What Argo CD's application-controller would say of a change of an Application's status in Events, in its words (`persistAppStatus`
 * and `setOperationState` of controller/appcontroller.go, 2.8 to 3.6).
 *
 * @param release of Argo CD: "3.6.1"; the newest where it is not known
 */
export function applicationEvents(
  { status: before = {} }: Application,
  { status: after = {} }: Application,
  release?: string,
): ApplicationEvent[] {
  const sync = changeOf("sync", before.sync?.status, after.sync?.status);
  const health = changeOf("health", before.health?.status, after.health?.status);
  const causes = health === undefined || !argoHas("namesCauses", release) ? "" : causesOf(after);
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

const mostCauses = 3;

/** " (Caused by apps/Deployment:shop/web)": the objects that are as the Application is (controller/health.go). */
function causesOf({ health, resources = [] }: NonNullable<Application["status"]>): string {
  // it is Missing for want of all of them
  if (!health?.status || health.status === "Healthy" || health.status === "Missing") return "";
  const causes = resources.filter((one) => one.health?.status === health.status && counts(one));
  if (causes.length === 0) return "";
  const more = causes.length > mostCauses ? ` and ${causes.length - mostCauses} more` : "";
  return ` (Caused by ${causes.slice(0, mostCauses).map(nameOf).join(", ")}${more})`;
}

/** An Application within one that nobody has judged yet says nothing of it. */
function counts({ group, kind, health }: ResourceStatus): boolean {
  const isApplication = group === Application.group && kind === Application.kind;
  return !(isApplication && health?.status === "Unknown");
}

function nameOf({ group, kind, namespace, name }: ResourceStatus): string {
  return `${group ? `${group}/` : ""}${kind}:${namespace ? `${namespace}/` : ""}${name}`;
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
