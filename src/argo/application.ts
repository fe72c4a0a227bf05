/** Application, argoproj.io/v1alpha1: the fields that flamingo writes and reads, the same from Argo CD 2.2 to 3.6. */
import type { Kind, KubeObject } from "../kube/object.js";
import type { Health, HealthCode } from "./health.js";

/** As it is read, whoever wrote it: nothing of `spec` is there for sure. What flamingo writes is a `GeneratedApplication`. */
export interface Application extends KubeObject {
  spec?: ApplicationSpec;
  /** what was asked for by a button or command of Argo CD and is not done yet */
  operation?: Operation;
  status?: ApplicationStatus;
}

export interface ApplicationSpec {
  project?: string;
  source?: ApplicationSource;
  /** instead of `source`, from Argo CD 2.6 on */
  sources?: ApplicationSource[];
  destination?: ApplicationDestination;
  /** `enabled` is newer than Argo CD 3.0; true where it is not there */
  syncPolicy?: { syncOptions?: string[]; automated?: { enabled?: boolean } };
  /** how many entries of its history are kept */
  revisionHistoryLimit?: number;
}

export interface ApplicationSource {
  repoURL?: string;
  path?: string;
  chart?: string;
  targetRevision?: string;
  helm?: { releaseName?: string };
}

/** The cluster stands there by its `server` or by its `name`. */
export interface ApplicationDestination {
  server?: string;
  name?: string;
  namespace?: string;
}

export const Application: Kind<Application> = {
  group: "argoproj.io",
  kind: "Application",
  plural: "applications",
};

/** What makes Applications from a template. Only its name is read. */
export const ApplicationSet: Kind = {
  group: "argoproj.io",
  kind: "ApplicationSet",
  plural: "applicationsets",
};

/**
 * How Flux gets into Argo CD: "fsa" by a patched Argo CD image, "loopback" by `flamingo loopback` beside a stock one.
 * Both are forms of the same Application.
 */
export type Engine = "fsa" | "loopback";

export const engines: readonly Engine[] = ["fsa", "loopback"];

/** The AppProject of an Application, as Argo CD takes it (`GetProject` of pkg/apis/application/v1alpha1). */
export function projectOf({ spec }: Application): string {
  return spec?.project || "default";
}

export type SyncCode = "Synced" | "OutOfSync" | "Unknown";

/**
 * What Argo CD shows of an Application: the fields that `flamingo loopback` writes. Those of the CRD of Argo CD 2.8 only, but for
 * one in the history: an API server drops what a CRD does not have, and each comparison would find it missing again.
 */
export interface ApplicationStatus {
  sync?: {
    status: SyncCode;
    comparedTo?: { source?: ApplicationSource; destination: ApplicationDestination };
    revision?: string;
  };
  /** `message` is what it comes from, since Argo CD 3.6; `lastTransitionTime` is in the CRD since 2.14: see `statusPatch()` */
  health?: { status?: HealthCode; message?: string; lastTransitionTime?: string };
  resources?: ResourceStatus[];
  operationState?: OperationState;
  history?: RevisionHistory[];
  summary?: { externalURLs?: string[]; images?: string[] };
  conditions?: ApplicationCondition[];
  reconciledAt?: string;
  sourceType?: SourceType;
}

/** How Argo CD calls what it makes manifests of. */
export type SourceType = "Kustomize" | "Helm" | "Directory";

export interface ResourceStatus {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  status?: SyncCode;
  health?: Health;
}

export interface Operation {
  /** without `resources`: of all */
  sync?: { revision?: string; resources?: object[] };
  initiatedBy?: Initiator;
  /** remarks of who starts it, and ours */
  info?: Info[];
}

export interface Initiator {
  username?: string;
  automated?: boolean;
}

export interface Info {
  name: string;
  value: string;
}

export interface OperationState {
  operation: Operation;
  phase: "Running" | "Terminating" | "Succeeded" | "Failed" | "Error";
  message?: string;
  syncResult?: { revision: string; source?: ApplicationSource; resources?: ResourceResult[] };
  startedAt: string;
  finishedAt?: string;
}

/** Unlike elsewhere, Argo CD writes out empty group and namespace here. */
export interface ResourceResult {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  name: string;
  status: "Synced" | "SyncFailed" | "Pruned" | "PruneSkipped";
  message?: string;
  syncPhase: "Sync";
}

export interface RevisionHistory {
  id: number;
  revision?: string;
  deployedAt: string;
  deployStartedAt?: string;
  /** newer than Argo CD 2.10; what is written once is not written again where the CRD has dropped it */
  initiatedBy?: Initiator;
  source?: ApplicationSource;
}

export interface ApplicationCondition {
  /** the page shows what ends in "Error" red and what ends in "Warning" yellow */
  type: string;
  message: string;
  lastTransitionTime?: string;
}
