import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf } from "../kube/object-id.js";
import type { Progress } from "../loopback/answers/progress.js";
import { requestAnnotation } from "../names.js";
import { redact } from "../redact.js";
import type { Condition } from "./condition.js";

/** What Flux's controllers say about a request, the same for workloads and sources. */
interface Asked extends LiveObject {
  spec?: { suspend?: boolean };
  status?: { lastHandledReconcileAt?: string; conditions?: Condition[] };
}

export type Reply =
  /** to be asked, or asked again: the request was removed before anybody saw it */
  | { is: "unasked" }
  | { is: "awaited"; message: string | undefined }
  | { is: "done" | "failed"; message: string };

/**
 * What has become of a request. Flux's controllers write `status.lastHandledReconcileAt` when they are done, together with or
 * after the conditions; tokens are texts, whose order means nothing.
 */
export function replyOf(object: LiveObject, { token, asked }: Progress): Reply {
  const before = asked.get(keyOf(idOf(object)));
  const { status: { lastHandledReconcileAt: handled = "", conditions = [] } = {} } = object as Asked;
  const wanted = object.metadata.annotations?.[requestAnnotation.reconcile];
  if (before === undefined) return { is: "unasked" };
  // whoever asked later was heard in our place
  const isHandled = handled === token || (handled !== before && handled === wanted);
  if (!isHandled && wanted === undefined) return { is: "unasked" };
  const reconciling = conditions.find(({ type, status }) => type === "Reconciling" && status === "True");
  const ready = conditions.find(({ type }) => type === "Ready");
  const awaited: Reply = { is: "awaited", message: reconciling?.message && redact(reconciling.message) };
  if (!isHandled || !ready) return awaited;
  const message = redact(ready.message ?? "");
  // with that reason Flux starts again at once; after other failures it tries again later, and is reconciling all the while
  if (ready.status === "False" && ready.reason !== "HealthCheckCanceled") return { is: "failed", message };
  return ready.status === "True" && !reconciling ? { is: "done", message } : awaited;
}

/** What an object has handled last, "" for nothing. */
export function lastHandled(object: LiveObject): string {
  return (object as Asked).status?.lastHandledReconcileAt ?? "";
}

export function isSuspended(object: LiveObject): boolean {
  return (object as Asked).spec?.suspend === true;
}
