import type { KubeObject } from "../kube/object.js";
import { idOf, keyOf } from "../kube/object-id.js";
import { requestAnnotation } from "../names.js";
import { redact } from "../redact.js";
import { conditionOf, type Reconciled } from "./condition.js";
import { isCanceled, waitsOn } from "./waiting.js";

/** What Flux is asked to reconcile, the same for workloads and sources. */
export interface ReconcileRequest {
  /** the value of its annotation */
  token: string;
  /** by `keyOf()` of each object that was asked, or was about to be: what it was asked with before, `askedWith()` */
  asked: ReadonlyMap<string, string>;
}

export type Reply =
  /** to be asked, or asked again: whoever was about to was cut off, or the request was removed before anybody saw it */
  | { is: "unasked" }
  | { is: "awaited"; message: string | undefined }
  /** handled, and waits for something that is not ready yet: Flux tries again by itself */
  | { is: "waiting"; message: string }
  | { is: "done" | "failed"; message: string };

/**
 * What has become of a request. Flux's controllers write `status.lastHandledReconcileAt` when they are done, together with or
 * after the conditions; tokens are texts, whose order means nothing.
 */
export function replyOf(object: KubeObject & Reconciled, { token, asked }: ReconcileRequest): Reply {
  const before = asked.get(keyOf(idOf(object)));
  const handled = lastHandled(object);
  const wanted = askedWith(object);
  if (before === undefined) return { is: "unasked" };
  // whoever asked later was heard in our place
  const isAsked = wanted === token || (wanted !== before && wanted !== "");
  const isHandled = handled === token || (isAsked && handled === wanted);
  if (!isHandled && !isAsked) return { is: "unasked" };
  const condition = conditionOf(object, "Reconciling");
  const reconciling = condition?.status === "True" ? condition : undefined;
  const ready = conditionOf(object, "Ready");
  const awaited: Reply = { is: "awaited", message: reconciling?.message && redact(reconciling.message) };
  if (!isHandled || !ready) return awaited;
  const message = redact(ready.message ?? "");
  if (isCanceled(ready)) return awaited;
  if (waitsOn(ready)) return { is: "waiting", message };
  // it tries again later, and is reconciling all the while
  if (ready.status === "False") return { is: "failed", message };
  return ready.status === "True" && !reconciling ? { is: "done", message } : awaited;
}

/** What an object was asked with last, "" for nothing. */
export function askedWith({ metadata }: KubeObject): string {
  return metadata.annotations?.[requestAnnotation.reconcile] ?? "";
}

/** What an object has handled last, "" for nothing. */
export function lastHandled({ status }: Reconciled): string {
  return status?.lastHandledReconcileAt ?? "";
}
