import { AppProject } from "../argo/app-project.js";
import { type Application, projectOf } from "../argo/application.js";
import { shownBy } from "../argo/generated.js";
import { globalProjectsOf, withGlobalProjects } from "../argo/global-projects.js";
import { type DestinationCluster, plainOwnCluster } from "../argo/own-cluster.js";
import { type ArgoSettings, argoSettingsFrom } from "../argo/settings.js";
import { type FluxWorkload, isWorkloadId, workloadKinds } from "../flux/workload.js";
import { isForbidden } from "../kube/failure.js";
import type { Kube } from "../kube/kube.js";
import { inClusterServer, label } from "../names.js";
import type { UnreadKind } from "../report/managed.js";
import { type Report, report } from "../report/report.js";
import { inventoryFor, reportInput } from "../report/report-input.js";
import { readArgoSettings } from "./argo-settings.js";
import { gatherWorkload } from "./gather-workload.js";
import { readOwnCluster } from "./own-cluster.js";

export interface ReportOptions {
  /** where Argo CD runs */
  argoNamespace: string;
  /** see `GatherWorkloadOptions` */
  machines: boolean;
  now: Date;
}

/** A report that is made here and now. */
export interface ReportNow {
  report: Report;
  /** kinds that could not be read */
  unread: readonly UnreadKind[];
  /** what else could not be read, and so is not in it: "cannot read Secret …: …" */
  unknown: readonly string[];
}

/** What `flamingo loopback` would report of an Application. */
export async function reportOfApplication(
  kube: Kube,
  application: Application,
  options: ReportOptions,
): Promise<ReportNow> {
  const settings = await readArgoSettings(kube, options.argoNamespace);
  const shown = shownBy(application);
  const [project, workload] = await Promise.all([
    readProject(kube, application, settings),
    isWorkloadId(shown) ? kube.find(workloadKinds[shown.kind], shown) : undefined,
  ]);
  const cluster = await readOwnCluster(kube, options.argoNamespace, project);
  return reportNow(kube, { application, project, cluster, workload }, settings, options);
}

/** The same of a workload that need not have an Application: no AppProject keeps anything out. */
export async function reportOfWorkload(
  kube: Kube,
  workload: FluxWorkload,
  options: ReportOptions,
): Promise<ReportNow> {
  const { argoNamespace } = options;
  const unknown: string[] = [];
  const settings = await readArgoSettings(kube, argoNamespace).catch((error: unknown) => {
    if (!isForbidden(error)) throw error;
    unknown.push(`${error.clause}, and takes its defaults`);
    return argoSettingsFrom(argoNamespace, undefined, undefined);
  });
  const application = standInFor(workload, argoNamespace);
  const subject = { application, project: permissive, cluster: plainOwnCluster, workload };
  const made = await reportNow(kube, subject, { ...settings, inClusterEnabled: true }, options);
  return { ...made, unknown: [...unknown, ...made.unknown] };
}

interface ReportSubject {
  application: Application;
  project: AppProject | undefined;
  cluster: DestinationCluster;
  workload: FluxWorkload | undefined;
}

async function reportNow(
  kube: Kube,
  { application, project, cluster, workload }: ReportSubject,
  settings: ArgoSettings,
  { machines, now }: ReportOptions,
): Promise<ReportNow> {
  const gathered = await gatherWorkload(kube, workload, { settings, project, cluster, machines });
  const inventory = inventoryFor(application, gathered, gathered.released);
  const input = reportInput(application, gathered, inventory, now, { isSettled: true, isLast: true });
  return { report: report(input), unread: input.unread, unknown: gathered.unknown };
}

/** The AppProject of an Application, with those that Argo CD counts for all of its kind; undefined when there is none. */
async function readProject(
  kube: Kube,
  application: Application,
  { namespace, globalProjects }: ArgoSettings,
): Promise<AppProject | undefined> {
  const project = await kube.find(AppProject, { namespace, name: projectOf(application) });
  if (!project) return undefined;
  const names = globalProjectsOf(project, globalProjects);
  const found = await Promise.all(names.map((name) => kube.find(AppProject, { namespace, name })));
  const byName = new Map(found.flatMap((one) => (one ? [[one.metadata.name, one] as const] : [])));
  return withGlobalProjects(project, byName, globalProjects);
}

function standInFor({ kind, metadata }: FluxWorkload, namespace: string): Application {
  const labels = { [label.workloadType]: kind, [label.workloadName]: metadata.name };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: metadata.name, namespace, labels },
    spec: { destination: { server: inClusterServer, namespace: metadata.namespace ?? "" } },
  };
}

const permissive: AppProject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "default" },
  spec: {
    sourceRepos: ["*"],
    destinations: [{ server: "*", namespace: "*" }],
    clusterResourceWhitelist: [{ group: "*", kind: "*" }],
  },
};
