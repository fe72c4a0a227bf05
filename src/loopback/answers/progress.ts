import type { Info, OperationState } from "../../argo/application.js";
import type { ReconcileRequest } from "../../flux/reply.js";
import { requestAnnotation } from "../../names.js";
import type { RequestedOperation } from "./operation.js";

/**
 * What Flux was asked for a running operation, as that records it, so that nothing is lost when flamingo is started anew;
 * undefined for one that flamingo has not begun.
 */
export function progressOf(state: OperationState | undefined): ReconcileRequest | undefined {
  if (state?.phase !== "Running") return undefined;
  const { info = [] } = (state.operation ?? {}) as RequestedOperation;
  const start = info.findIndex(isToken);
  const token = info[start]?.value;
  if (!token) return undefined;
  return { token, asked: new Map(info.slice(start + 1).map(({ name, value }) => [name, value])) };
}

/** The operation with what Flux was asked for it, in a field that Argo CD has for remarks of those who start one. */
export function recorded(
  operation: RequestedOperation,
  { token, asked }: ReconcileRequest,
): RequestedOperation {
  const theirs = (operation.info ?? []).filter((item) => !isToken(item));
  const ours = [...asked].map(([name, value]): Info => ({ name, value }));
  return { ...operation, info: [...theirs, { name: requestAnnotation.reconcile, value: token }, ...ours] };
}

function isToken({ name }: Info): boolean {
  return name === requestAnnotation.reconcile;
}
