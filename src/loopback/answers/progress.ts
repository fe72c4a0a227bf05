import type { Info, OperationState } from "../../argo/application.js";
import { requestAnnotation } from "../../names.js";
import type { RequestedOperation } from "./operation.js";

/** How far a Sync is. */
export interface Progress {
  /** what Flux is asked with: the value of its annotation */
  token: string;
  /** by `keyOf()` of each object that was asked: what it had handled last before that, "" for nothing */
  asked: ReadonlyMap<string, string>;
}

/**
 * The progress that a running operation records, so that nothing is lost when flamingo is started anew; undefined for one
 * that flamingo has not begun.
 */
export function progressOf(state: OperationState | undefined): Progress | undefined {
  if (state?.phase !== "Running") return undefined;
  const { info = [] } = (state.operation ?? {}) as RequestedOperation;
  const start = info.findIndex(isToken);
  const token = info[start]?.value;
  if (!token) return undefined;
  return { token, asked: new Map(info.slice(start + 1).map(({ name, value }) => [name, value])) };
}

/** The operation with its progress, in a field that Argo CD has for remarks of those who start one. */
export function recorded(operation: RequestedOperation, { token, asked }: Progress): RequestedOperation {
  const theirs = (operation.info ?? []).filter((item) => !isToken(item));
  const ours = [...asked].map(([name, value]): Info => ({ name, value }));
  return { ...operation, info: [...theirs, { name: requestAnnotation.reconcile, value: token }, ...ours] };
}

function isToken({ name }: Info): boolean {
  return name === requestAnnotation.reconcile;
}
