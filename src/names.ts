/** What other programs read: labels, annotations, default namespaces, the field manager. Renaming one orphans what exists. */

export const fieldManager = "flamingo";
/** of `flamingo loopback`, on Applications and Flux objects */
export const loopbackFieldManager = "flamingo-loopback";

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
  /** on Pods of the engine, of which shard they are: "2-of-3" */
  shard: "flamingo/shard",
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
  /** "true": made by `flamingo loopback --auto`, which removes the Application when its workload is gone */
  auto: "flamingo/auto",
  /** on a suspended workload: why, by whom and since when */
  suspendReason: "flamingo/suspend-reason",
  suspendBy: "flamingo/suspend-by",
  suspendAt: "flamingo/suspend-at",
  /** on a Deployment or StatefulSet of an Argo CD that was adopted: the images of its containers before, as JSON */
  imagesBefore: "flamingo/images-before",
} as const;

/** Annotations that ask for something and are of no use afterwards. */
export const requestAnnotation = {
  /** of Argo CD, on an Application: "normal" or "hard", until somebody has looked at it again */
  refresh: "argocd.argoproj.io/refresh",
  /** set together with that by Argo CD 3 */
  hydrate: "argocd.argoproj.io/hydrate",
  /** of Flux: any text; when it changes Flux reconciles, and repeats it in `status.lastHandledReconcileAt` */
  reconcile: "reconcile.fluxcd.io/requestedAt",
  /** of Flux, whose recorder adds what is under this group to events; under `commit` and `change_request` it looks for others' */
  requestedBy: "event.toolkit.fluxcd.io/requestedBy",
  /** of Flux 2.2 and newer, on a HelmRelease: with the same text as that it is released again, or tried again from the start */
  force: "reconcile.fluxcd.io/forceAt",
  reset: "reconcile.fluxcd.io/resetAt",
} as const;

export const syncOption = {
  applyOutOfSyncOnly: "ApplyOutOfSyncOnly=true",
  fluxSubsystem: "FluxSubsystem=true",
} as const;
