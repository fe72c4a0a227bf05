import { Application } from "../../argo/application.js";
import { argoHas } from "../../argo/versions.js";
import { releaseNameOf } from "../../flux/helm-release.js";
import { idOfWorkload, isWorkloadId, typedRef, type Workload } from "../../flux/workload.js";
import { keyOf, renderId } from "../../kube/object-id.js";
import { resourceName } from "../../kube/resource.js";
import { annotation, inClusterServer } from "../../names.js";
import type { AppRecord } from "./applications.js";
import { type Finding, finding } from "./finding.js";

/** The Argo CD that the Applications are for, as far as it is known. */
export interface ArgoAtWork {
  flavour: "fl" | "stock" | "unknown";
  /** "3.5.1" */
  version: string | undefined;
  labelTracking: boolean;
}

/** What is wrong with Applications as such. Workloads of which nothing is known (no right to list them) are `undefined`. */
export function applicationFindings(
  apps: readonly AppRecord[],
  workloads: readonly Workload[] | undefined,
  argo: ArgoAtWork,
): Finding[] {
  return [
    ...apps.flatMap((app) => wrongEngine(app, argo)),
    ...apps.filter(({ loopback }) => loopback === "lost").map(lostToArgo),
    ...duplicates(apps),
    ...(workloads ? missingWorkloads(apps, workloads) : []),
    ...(workloads && argo.labelTracking ? namedLikeReleases(apps, workloads) : []),
  ];
}

function objectOf({ namespace, name }: AppRecord) {
  return { kind: "Application", namespace, name };
}

function wrongEngine(app: AppRecord, { flavour, version }: ArgoAtWork): Finding[] {
  if (app.engine === "fsa" && !app.skipsReconcile && flavour === "stock") {
    return [
      finding("fsa-on-stock", objectOf(app), {
        why: "it has the sync option FluxSubsystem=true, which the stock Argo CD that runs does not know: one press of Sync would apply the workload a second time, next to Flux",
        remedy: app.generated
          ? `Generate it anew for loopback: flamingo generate-app ${refOf(app)} --engine loopback --force`
          : "Remove the Application without cascade, or install an FSA image",
      }),
    ];
  }
  if (app.engine === "loopback" && version !== undefined && !argoHas("carriesLoopback", version)) {
    return [
      finding("loopback-on-old-argocd", objectOf(app), {
        why: `it is for the engine loopback, which is unproven on the Argo CD ${version} that runs: before 2.7 its controller does not heed skip-reconcile and would apply the workload itself`,
        remedy: "Upgrade Argo CD to 2.8 or newer, or remove the Application without cascade",
      }),
    ];
  }
  return [];
}

function refOf({ shows }: AppRecord): string {
  return isWorkloadId(shows) ? typedRef(shows) : renderId(shows);
}

function lostToArgo(app: AppRecord): Finding {
  const { namespace, name } = app;
  return finding("skip-reconcile-lost", objectOf(app), {
    why: `it is for the engine loopback and lacks ${annotation.skipReconcile}: Argo CD reconciles it by itself, and flamingo leaves it alone`,
    remedy: `Put it back, and into what makes the Application: kubectl annotate ${resourceName(Application)} ${name} -n ${namespace} --overwrite ${annotation.skipReconcile}=true`,
  });
}

/** Those that show a workload which an Application before them shows already. */
function duplicates(apps: readonly AppRecord[]): Finding[] {
  const firstOf = new Map<string, AppRecord>();
  return apps.flatMap((app) => {
    if (app.engine === undefined || app.cluster === undefined) return [];
    const workload = `${app.cluster} ${keyOf(app.shows)}`;
    const first = firstOf.get(workload);
    if (!first) {
      firstOf.set(workload, app);
      return [];
    }
    return [
      finding("application-duplicate", objectOf(app), {
        why: `it shows ${renderId(app.shows)}, and so does the Application ${first.name} in ${first.namespace}`,
        remedy: "Delete one of the two, without cascade",
      }),
    ];
  });
}

function missingWorkloads(apps: readonly AppRecord[], workloads: readonly Workload[]): Finding[] {
  const there = new Set(workloads.map((workload) => keyOf(idOfWorkload(workload))));
  return apps
    .filter((app) => app.generated && app.cluster === inClusterServer && !there.has(keyOf(app.shows)))
    .map((app) =>
      finding("workload-missing", objectOf(app), {
        why: `it shows ${renderId(app.shows)}, which does not exist`,
        remedy: `Delete the Application, or bring the ${app.shows.kind} back`,
      }),
    );
}

/** Those that Argo CD's own controller heeds: it would take the chart's objects for theirs. */
function namedLikeReleases(apps: readonly AppRecord[], workloads: readonly Workload[]): Finding[] {
  const releases = new Map(
    workloads
      .filter(({ kind }) => kind === "HelmRelease")
      .map((release) => [releaseNameOf(release), release]),
  );
  return apps.flatMap((app) => {
    const release = app.skipsReconcile ? undefined : releases.get(app.name);
    if (!release) return [];
    return [
      finding("named-like-release", objectOf(app), {
        why: `it is named like the Helm release of ${renderId(release)}, and Argo CD tracks by label: a cascading delete of it would take the release's objects`,
        remedy: "Give it another name, or set application.resourceTrackingMethod: annotation in argocd-cm",
      }),
    ];
  });
}
