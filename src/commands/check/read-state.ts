import { Application } from "../../argo/application.js";
import { leaseSelector } from "../../argo/loopback-lease.js";
import { type KnownRepository, knownRepositoryFrom, secretType } from "../../argo/repositories.js";
import { inventoryOf } from "../../flux/inventory.js";
import { suspendedSince } from "../../flux/suspension.js";
import {
  type FluxWorkload,
  isToolkitKind,
  type Workload,
  workloadFrom,
  workloadKinds,
} from "../../flux/workload.js";
import { engineSelector } from "../../install/engine/names.js";
import { allOf } from "../../kube/all-of.js";
import { ConfigMap, Deployment, Lease, Secret } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { Kind, KubeObject } from "../../kube/object.js";
import { idOf, keyOf } from "../../kube/object-id.js";
import { permitted } from "../../kube/permitted.js";
import { fluxKinds } from "../../support-matrix/flux-apis.js";
import { type AppRecord, appRecordFrom } from "./applications.js";
import { type ClusterSecret, clusterSecretFrom } from "./cluster-secrets.js";
import { type EngineRecord, engineRecordFrom } from "./loopback-findings.js";
import type { CheckedWorkload, KnownSources } from "./workload-findings.js";

/** Everything that the check looks at beside what runs: as small records, in a number of requests that pages alone add to. */
export interface ClusterState {
  apps: AppRecord[];
  /** undefined when one of the kinds could not be listed: what is missing is not known then */
  workloads: CheckedWorkload[] | undefined;
  sources: KnownSources;
  clusterSecrets: ClusterSecret[];
  /** undefined when they may not be listed */
  repositories: KnownRepository[] | undefined;
  /** what an install made to report into this Argo CD; none where they may not be listed, which the survey of what runs tells */
  engines: EngineRecord[];
  /** those of `flamingo loopback`, one for each shard; undefined where they may not be read, or nobody needs them */
  leases: Lease[] | undefined;
  /** `argocd-cm` */
  argoConfig: ConfigMap | undefined;
  /** `argocd-cmd-params-cm`; "unread" where it may not be read, or nobody needs it */
  argoParams: ConfigMap | "unread" | undefined;
  /** "cannot list Secrets in argocd: …" */
  unknown: string[];
}

/** Reads; a right that is missing is told, and the rest goes on. */
type Look = <T>(reading: Promise<T>) => Promise<T | undefined>;

export async function readState(
  kube: Kube,
  argoNamespace: string,
  appNamespace: string,
): Promise<ClusterState> {
  const unknown: string[] = [];
  const look: Look = async (reading) => {
    const { found, unknown: more } = await permitted(reading);
    unknown.push(...more);
    return found;
  };
  const [apps, engines, secrets, config] = await Promise.all([
    look(readApps(kube)).then((all) => all ?? look(readApps(kube, appNamespace))),
    permitted(readEngines(kube, argoNamespace)).then(({ found }) => found ?? []),
    look(readArgoSecrets(kube, argoNamespace)),
    look(kube.find(ConfigMap, { name: "argocd-cm", namespace: argoNamespace })),
  ]);
  const workloads = await look(readWorkloads(kube, apps ?? []));
  return {
    apps: apps ?? [],
    engines,
    leases: await readLeases(kube, argoNamespace, { apps: apps ?? [], engines }, look),
    workloads,
    sources: await readSources(kube, workloads ?? [], look),
    clusterSecrets: secrets?.clusters ?? [],
    repositories: secrets?.repositories,
    argoConfig: config,
    argoParams: await readParams(kube, argoNamespace, apps ?? [], look),
    unknown,
  };
}

async function readApps(kube: Kube, namespace?: string): Promise<AppRecord[]> {
  const apps: AppRecord[] = [];
  for await (const page of kube.list(Application, { namespace })) apps.push(...page.map(appRecordFrom));
  return apps;
}

async function readEngines(kube: Kube, namespace: string): Promise<EngineRecord[]> {
  const deployments = await allOf(kube.list(Deployment, { namespace, labels: engineSelector }));
  return deployments.map(engineRecordFrom);
}

async function readLeases(
  kube: Kube,
  namespace: string,
  { apps, engines }: Pick<ClusterState, "apps" | "engines">,
  look: Look,
): Promise<ClusterState["leases"]> {
  if (engines.length === 0 && !apps.some(({ loopback }) => loopback === "ours")) return undefined;
  return await look(allOf(kube.list(Lease, { namespace, labels: leaseSelector })));
}

/** They matter to Applications in further namespaces only. */
async function readParams(
  kube: Kube,
  namespace: string,
  apps: readonly AppRecord[],
  look: Look,
): Promise<ClusterState["argoParams"]> {
  if (apps.every((app) => app.engine === undefined || app.namespace === namespace)) return "unread";
  const name = "argocd-cmd-params-cm";
  const found = await look(kube.find(ConfigMap, { name, namespace }).then((params) => ({ params })));
  return found ? found.params : "unread";
}

async function readArgoSecrets(kube: Kube, namespace: string) {
  const clusters: ClusterSecret[] = [];
  const repositories: KnownRepository[] = [];
  const labels = `${secretType} in (cluster,repository,repo-creds)`;
  for await (const page of kube.list(Secret, { namespace, labels })) {
    for (const secret of page) {
      if (secret.metadata.labels?.[secretType] === "cluster") clusters.push(clusterSecretFrom(secret));
      else repositories.push(knownRepositoryFrom(secret));
    }
  }
  return { clusters, repositories };
}

/** Object → the native Application that manages it. */
function nativeOwners(apps: readonly AppRecord[]): ReadonlyMap<string, string> {
  return new Map(
    apps.flatMap(({ namespace, name, resources }) =>
      resources.map((resource) => [resource, `${name} in ${namespace}`] as const),
    ),
  );
}

/** Those of Flux's own controllers, and of others what Applications show. */
async function readWorkloads(kube: Kube, apps: readonly AppRecord[]): Promise<CheckedWorkload[]> {
  const workloads: CheckedWorkload[] = [];
  const owners = nativeOwners(apps);
  const shown = new Set(apps.map(({ shows }) => shows.kind));
  const kinds = Object.values(workloadKinds).filter(({ kind }) => isToolkitKind(kind) || shown.has(kind));
  for (const kind of kinds) {
    for await (const page of kube.list(kind))
      workloads.push(...page.map((object) => checked(object, owners)));
  }
  return workloads;
}

function checked(object: FluxWorkload, owners: ReadonlyMap<string, string>): CheckedWorkload {
  const workload = workloadFrom(object);
  return {
    ...workload,
    suspendedSince: workload.suspended ? suspendedSince(object) : undefined,
    alsoManagedBy: workload.hasKubeConfig ? [] : alsoManagedBy(object, owners),
  };
}

function alsoManagedBy(
  object: FluxWorkload,
  owners: ReadonlyMap<string, string>,
): CheckedWorkload["alsoManagedBy"] {
  const found = new Map<string, CheckedWorkload["alsoManagedBy"][number]>();
  if (owners.size === 0) return [];
  for (const item of inventoryOf(object)) {
    const application = owners.get(keyOf(item));
    if (application === undefined) continue;
    const known = found.get(application) ?? { application, count: 0, example: `${item.kind} ${item.name}` };
    known.count++;
    found.set(application, known);
  }
  return [...found.values()];
}

async function readSources(kube: Kube, workloads: readonly Workload[], look: Look): Promise<KnownSources> {
  const objects = new Map<string, KubeObject>();
  const listed = new Set<string>();
  const notServed = new Set<string>();
  const wanted = [...new Set(workloads.map(({ source }) => source.kind))].filter(isFluxKind);
  await Promise.all(
    wanted.map(async (name) => {
      const kind = fluxKinds[name];
      if ((await kube.servedVersion(kind)) === undefined) notServed.add(name);
      else if (await look(readInto(objects, kube, kind))) listed.add(name);
    }),
  );
  return { objects, listed, notServed };
}

async function readInto(objects: Map<string, KubeObject>, kube: Kube, kind: Kind): Promise<true> {
  for await (const page of kube.list<KubeObject & { spec?: object }>(kind)) {
    for (const object of page) {
      const { apiVersion, kind: name, metadata, spec } = object;
      const { namespace = "" } = metadata;
      const kept = { apiVersion, kind: name, metadata: { name: metadata.name, namespace }, spec };
      objects.set(keyOf(idOf(object)), kept as KubeObject);
    }
  }
  return true;
}

function isFluxKind(kind: string): kind is keyof typeof fluxKinds {
  return Object.hasOwn(fluxKinds, kind);
}
