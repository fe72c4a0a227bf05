import type { Kind, KubeObject } from "../kube/object.js";
import type { ObjectId } from "../kube/object-id.js";
import type { Readiness } from "../kube/readiness.js";
import { isSuspended } from "./condition.js";
import { HelmRelease } from "./helm-release.js";
import { inventoryOf } from "./inventory.js";
import { Kustomization } from "./kustomization.js";
import { readinessOf } from "./readiness.js";
import { type SourceRef, sourceRefFrom } from "./source-ref.js";
import { sourceKinds } from "./sources.js";

/** A Flux workload as the API server hands it out. */
export type FluxWorkload = Kustomization | HelmRelease;

export type WorkloadKind = FluxWorkload["kind"];

export const workloadKinds: Readonly<Record<WorkloadKind, Kind<FluxWorkload>>> = {
  Kustomization,
  HelmRelease,
};

/** The kind of a workload or source; undefined for a reference to what is neither. */
export function kindOfFlux({ kind }: Pick<ObjectId, "kind">): Kind | undefined {
  return sourceKinds[kind] ?? workloadKinds[kind as WorkloadKind];
}

/** @throws TypeError for what nobody can be asked to reconcile */
export function askableKind(object: Pick<ObjectId, "kind">): Kind {
  const known = kindOfFlux(object);
  if (!known) throw new TypeError(`nobody reconciles a ${object.kind}`);
  return known;
}

/** "ks" and "hr", as typed in REFs and written in names. */
export const shortKind: Readonly<Record<WorkloadKind, "ks" | "hr">> = {
  Kustomization: "ks",
  HelmRelease: "hr",
};

/** "ks/podinfo -n apps": how a workload is named on a command line. */
export function typedRef({
  kind,
  name,
  namespace,
}: {
  kind: WorkloadKind;
  name: string;
  namespace?: string;
}): string {
  return `${shortKind[kind]}/${name} -n ${namespace}`;
}

/**
 * What is kept of a Flux workload, whatever API version it came in. Only what an Application needs: thousands of them are
 * held at once, where the objects themselves (status, managed fields) would not fit.
 */
export interface Workload {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  /** what it is made from: `sourceRef`, `chart.spec.sourceRef` or `chartRef` */
  source: SourceRef;
  /** a HelmRelease's source is a `chartRef` and is the chart itself */
  byChartRef: boolean;
  /** Kustomization: `spec.path` */
  path: string | undefined;
  /** HelmRelease: `spec.chart.spec.chart` and `.version` */
  chart: { name: string; version: string | undefined } | undefined;
  releaseName: string | undefined;
  targetNamespace: string | undefined;
  suspended: boolean;
  /** its objects land on another cluster */
  hasKubeConfig: boolean;
  readiness: Readiness;
  /** objects of its inventory that no fl image attaches to the tree */
  hidden: { otherNamespaces: number; statefulSets: number; secrets: number };
  /** the file it was read from */
  file: string | undefined;
}

/** What a workload is found by. */
export interface WorkloadId extends ObjectId {
  kind: WorkloadKind;
}

export function idOfWorkload(workload: Pick<Workload, "kind" | "namespace" | "name">): WorkloadId {
  const { kind, namespace, name } = workload;
  return { group: workloadKinds[kind].group, kind, namespace, name };
}

/** A patch that looks like a workload: it names no source. */
export function isFragment(object: KubeObject): boolean {
  const group = object.apiVersion.split("/")[0];
  if (group === Kustomization.group && object.kind === Kustomization.kind) {
    return !(object as Kustomization).spec?.sourceRef;
  }
  if (group === HelmRelease.group && object.kind === HelmRelease.kind) {
    const { spec } = object as HelmRelease;
    if (spec?.chartRef) return false;
    // a patch of the version only has a `chart`, too
    const { chart } = spec ?? {};
    return !chart || (typeof chart === "object" && !chart.spec?.chart && !chart.spec?.sourceRef);
  }
  return false;
}

/** @param file where the object came from, when it came from a file */
export function workloadFrom(object: FluxWorkload, file?: string): Workload {
  const namespace = object.metadata.namespace ?? "";
  const { spec } = object;
  const release = object.kind === "HelmRelease" ? object.spec : undefined;
  const byChartRef = release?.chartRef !== undefined;
  const chart = release?.chart?.spec;
  const reference =
    object.kind === "Kustomization" ? object.spec?.sourceRef : (release?.chartRef ?? chart?.sourceRef);
  return {
    kind: object.kind,
    namespace,
    name: object.metadata.name,
    source: sourceRefFrom(reference ?? {}, namespace),
    byChartRef,
    path: object.kind === "Kustomization" ? object.spec?.path : undefined,
    chart: chart && !byChartRef ? { name: chart.chart ?? "", version: chart.version } : undefined,
    releaseName: release?.releaseName,
    targetNamespace: spec?.targetNamespace,
    suspended: isSuspended(object),
    hasKubeConfig: spec?.kubeConfig !== undefined,
    readiness: withoutSmallTalk(readinessOf(object)),
    hidden: hiddenObjects(object, namespace),
    file,
  };
}

/** The words of a controller that is content are of no use, and a string for each of thousands of workloads. */
function withoutSmallTalk(readiness: Readiness): Readiness {
  return readiness.status === "Failed" ? readiness : quiet[readiness.status];
}

const quiet = {
  Current: { status: "Current", message: undefined },
  InProgress: { status: "InProgress", message: undefined },
} as const;

const nothingHidden: Workload["hidden"] = { otherNamespaces: 0, statefulSets: 0, secrets: 0 };

function hiddenObjects(object: FluxWorkload, namespace: string): Workload["hidden"] {
  const hidden = { ...nothingHidden };
  for (const item of inventoryOf(object)) {
    if (item.namespace !== namespace) hidden.otherNamespaces++;
    else if (item.kind === "StatefulSet") hidden.statefulSets++;
    else if (item.kind === "Secret" && item.group === "") hidden.secrets++;
  }
  return Object.values(hidden).some((count) => count > 0) ? hidden : nothingHidden;
}
