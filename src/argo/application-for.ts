import { releaseNameOf } from "../flux/helm-release.js";
import type { Location } from "../flux/location.js";
import type { Workload } from "../flux/workload.js";
import type { ObjectMeta } from "../kube/object.js";
import { annotation, label, managedByFlamingo, syncOption } from "../names.js";
import { stripCredentials } from "../redact.js";
import { labelValueProblem } from "../text/names.js";
import type { Application, ApplicationSource, Engine } from "./application.js";
import { argoHas } from "./versions.js";

/** An Application as flamingo writes it. */
export interface GeneratedApplication extends Application {
  metadata: ObjectMeta & {
    namespace: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  };
  spec: {
    project: string;
    source: GeneratedSource;
    destination: { server: string; namespace: string };
    syncPolicy: { syncOptions: string[] };
  };
}

type GeneratedSource = ApplicationSource & { repoURL: string; targetRevision: string };

/** What an Application needs that neither the workload nor its source says. */
export interface ApplicationSettings {
  name: string;
  /** where Applications live (`-N`) */
  namespace: string;
  engine: Engine;
  project: string;
  /** URL of the cluster that the workload runs on, as Argo CD reaches it */
  server: string;
  /** Argo CD's name of that cluster, "in-cluster" for its own */
  clusterName: string;
  /** the user's own */
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** deleting the Application deletes the Flux objects, too */
  cascade: boolean;
  /** of the Argo CD that shows it: "3.6.1"; the newest where it is not known */
  release?: string | undefined;
}

/**
 * The Application that shows a workload, in the form of one engine. Its destination is the namespace of the Flux object
 * itself: that is where an fl image, and flamingo, look it up. Never automated, no finalizer: Flux reconciles.
 */
export function applicationFor(
  workload: Workload,
  location: Location,
  settings: ApplicationSettings,
): GeneratedApplication {
  const { labels, leftOut } = generatedLabels(workload, location, settings);
  const loopback = settings.engine === "loopback";
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: settings.name,
      namespace: settings.namespace,
      labels: { ...settings.labels, ...labels },
      annotations: {
        ...settings.annotations,
        ...leftOut,
        [annotation.weaveBaseUrl]: "http://localhost:9001",
        [annotation.weaveClusterName]: "Default",
        ...(loopback ? { [annotation.skipReconcile]: "true", [annotation.engine]: "loopback" } : {}),
        ...(settings.cascade ? { [annotation.cascade]: "flux" } : {}),
      },
    },
    spec: {
      project: settings.project,
      source: loopback ? loopbackSource(workload, location, settings) : fsaSource(workload, location),
      destination: { server: settings.server, namespace: workload.namespace },
      syncPolicy: {
        syncOptions: loopback
          ? [syncOption.applyOutOfSyncOnly]
          : [syncOption.applyOutOfSyncOnly, syncOption.fluxSubsystem],
      },
    },
  };
}

/** The labels by which generated Applications are found; a value that is no label value stays as an annotation. */
function generatedLabels(workload: Workload, { origin }: Location, settings: ApplicationSettings) {
  const wanted: Record<string, string> = {
    [label.managedBy]: managedByFlamingo,
    [label.workloadName]: workload.name,
    [label.workloadType]: workload.kind,
    [label.sourceType]: workload.source.kind || origin,
    [label.destinationNamespace]: workload.namespace,
    [label.clusterName]: settings.clusterName,
  };
  const labels: Record<string, string> = {};
  const leftOut: Record<string, string> = {};
  for (const [key, value] of Object.entries(wanted))
    (labelValueProblem(value) ? leftOut : labels)[key] = value;
  return { labels, leftOut };
}

/** An fl image never resolves the source; a non-empty `chart` is what tells it "HelmRelease". */
function fsaSource(workload: Workload, { url, path, revision }: Location): GeneratedSource {
  const repoURL = stripCredentials(url);
  if (workload.kind !== "HelmRelease") return { repoURL, path, targetRevision: revision };
  return { repoURL, chart: path, targetRevision: revision, helm: { releaseName: releaseNameOf(workload) } };
}

/** Argo CD finds a chart by no digest, but takes one for the content of an OCI artifact, which may be a chart. */
export function isChartByDigest({ form, origin, chartTag, revision }: Location): boolean {
  return form === "chart" && origin === "OCIRepository" && !chartTag && revision.includes(":");
}

/** A source that a stock Argo CD can resolve by itself, since its Sync button makes it do so. */
function loopbackSource(
  workload: Workload,
  location: Location,
  { release }: ApplicationSettings,
): GeneratedSource {
  const { form, url, path, revision, chartTag } = location;
  const repoURL = stripCredentials(url);
  // a ResourceSet may be part of a chart, and is no release of it
  const isRelease = workload.kind === "HelmRelease";
  const helm = isRelease ? { helm: { releaseName: releaseNameOf(workload) } } : {};
  if (form === "chart-directory" || (form === "directory" && !isRelease))
    return { repoURL, path, targetRevision: revision, ...helm };
  if (isChartByDigest(location) && argoHas("readsOci", release))
    return {
      repoURL: `${repoURL.replace(/\/*$/, "")}/${path}`,
      path: ".",
      targetRevision: revision,
      ...helm,
    };
  return {
    // Argo CD's Helm form of an OCI registry has no scheme, in all its versions, and it puts "/CHART" behind it
    repoURL: repoURL.replace(/^oci:\/\/(.*?)\/*$/, "$1"),
    chart: path,
    // it writes "_" for "+" itself
    targetRevision: chartTag || revision,
    ...helm,
  };
}
