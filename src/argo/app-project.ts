/** AppProject, argoproj.io/v1alpha1: the fields that say what its Applications may show, the same from Argo CD 2.8 to 3.6. */
import type { Kind, KubeObject } from "../kube/object.js";

export interface AppProject extends KubeObject {
  spec?: {
    /** patterns of repositories; "!" in front forbids */
    sourceRepos?: string[];
    /** where Applications themselves may live, beside Argo CD's own namespace */
    sourceNamespaces?: string[];
    destinations?: ProjectDestination[];
    /** none permits no cluster-scoped object */
    clusterResourceWhitelist?: ClusterResource[];
    clusterResourceBlacklist?: ClusterResource[];
    /** absent permits all, empty permits none */
    namespaceResourceWhitelist?: GroupKind[];
    namespaceResourceBlacklist?: GroupKind[];
    /** only clusters whose Secret names this project */
    permitOnlyProjectScopedClusters?: boolean;
    syncWindows?: SyncWindow[];
  };
}

export interface SyncWindow {
  /** "allow", "deny" */
  kind?: string;
  /** when it opens: "0 22 * * *" */
  schedule?: string;
  /** "1h" */
  duration?: string;
  timeZone?: string;
  /** patterns */
  applications?: string[];
  clusters?: string[];
  namespaces?: string[];
  andOperator?: boolean;
  /** people may sync all the same */
  manualSync?: boolean;
}

export interface ProjectDestination {
  server?: string;
  name?: string;
  namespace?: string;
}

export interface GroupKind {
  group: string;
  kind: string;
}

export interface ClusterResource extends GroupKind {
  /** Argo CD 3.2 and newer */
  name?: string;
}

export const AppProject: Kind<AppProject> = {
  group: "argoproj.io",
  kind: "AppProject",
  plural: "appprojects",
};
