import type { Application, ApplicationSource, Operation } from "../../argo/application.js";

/**
 * `.operation`, as Argo CD's API server writes it, or anybody with kubectl (Operation and SyncOperation of
 * pkg/apis/application/v1alpha1, the same from Argo CD 2.8 to 3.5).
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
