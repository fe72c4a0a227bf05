/** What other programs read: labels, annotations, default namespaces, the field manager. Renaming one orphans what exists. */

export const fieldManager = "flamingo";

export const defaultFluxNamespace = "flux-system";
export const defaultAppNamespace = "argocd";
export const inClusterServer = "https://kubernetes.default.svc";
export const inClusterName = "in-cluster";

export const label = {
  managedBy: "app.kubernetes.io/managed-by",
  workloadName: "flamingo/workload-name",
  workloadType: "flamingo/workload-type",
  sourceType: "flamingo/source-type",
  destinationNamespace: "flamingo/destination-namespace",
  clusterName: "flamingo/cluster-name",
} as const;

/** The value of {@link label.managedBy} on everything that flamingo generated. */
export const managedByFlamingo = "flamingo";

export const annotation = {
  /** both keys are wanted by the web page of an fl image as soon as there is any annotation */
  weaveBaseUrl: "weave.gitops.flamingo/base-url",
  weaveClusterName: "weave.gitops.flamingo/cluster-name",
  /** "true": Argo CD's own controller leaves the Application alone (Argo CD 2.7 and newer) */
  skipReconcile: "argocd.argoproj.io/skip-reconcile",
  engine: "flamingo/engine",
  cascade: "flamingo/cascade",
} as const;

export const syncOption = {
  applyOutOfSyncOnly: "ApplyOutOfSyncOnly=true",
  fluxSubsystem: "FluxSubsystem=true",
} as const;
