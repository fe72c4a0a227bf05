import type {
  Application,
  ApplicationSource,
  Info,
  Operation,
  OperationState,
} from "../../argo/application.js";
import type { ReconcileRequest } from "../../flux/reply.js";
import { requestAnnotation } from "../../names.js";

/**
 * `.operation`, as Argo CD's API server writes it, or anybody with kubectl (Operation and SyncOperation of
 * pkg/apis/application/v1alpha1, the same from Argo CD 2.8 to 3.6).
 *
 * A Sync has `syncStrategy.hook` unless "apply only" was chosen, and `revision` as Argo CD's repo-server resolved it: a commit,
 * a digest, a chart's version; of an annotated tag its own hash. In Argo CD 3 `source` is the Application's own. A Rollback is
 * a Sync with `syncStrategy.apply`, the `revision` and the `source` of an entry of `status.history`.
 */
export interface RequestedOperation extends Operation {
  sync?: RequestedSync;
}

export interface RequestedSync {
  revision?: string;
  /** of an Application with several sources */
  revisions?: string[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  prune?: boolean;
  dryRun?: boolean;
  syncStrategy?: { apply?: { force?: boolean }; hook?: { force?: boolean } };
  /** absent or empty: all */
  resources?: object[];
  manifests?: string[];
  syncOptions?: string[];
}

export function requestedOperation({ operation }: Application): RequestedOperation | undefined {
  return operation as RequestedOperation | undefined;
}

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
