import type { Kind, KubeObject } from "../kube/object.js";
import type { ObjectId } from "../kube/object-id.js";
import type { Readiness } from "../kube/readiness.js";
import { labelledBy } from "./applied-by.js";
import { FluxInstance, type FluxSync, syncOf } from "./flux-instance.js";
import { HelmRelease } from "./helm-release.js";
import { inventoryOf } from "./inventory.js";
import { Kustomization } from "./kustomization.js";
import { readinessOf } from "./readiness.js";
import { ResourceSet } from "./resource-set/resource-set.js";
import { type SourceRef, sourceRefFrom } from "./source-ref.js";
import { sourceKinds } from "./sources.js";
import { isSuspended } from "./suspension.js";

/** A Flux workload as the API server hands it out. */
export type FluxWorkload = ToolkitWorkload | ResourceSet | FluxInstance;

/** What Flux's own controllers reconcile. */
export type ToolkitWorkload = Kustomization | HelmRelease;

export type WorkloadKind = FluxWorkload["kind"];

export type ToolkitKind = ToolkitWorkload["kind"];

/** Those that are meant where nobody names a kind. */
export const toolkitKinds: Readonly<Record<ToolkitKind, Kind<ToolkitWorkload>>> = {
  Kustomization,
  HelmRelease,
};

export const workloadKinds: Readonly<Record<WorkloadKind, Kind<FluxWorkload>>> = {
  ...toolkitKinds,
  ResourceSet,
  FluxInstance,
};

export function isWorkloadKind(kind: string): kind is WorkloadKind {
  return Object.hasOwn(workloadKinds, kind);
}

/** Whether Flux's own controllers reconcile a kind, which FSA images know, and not the Flux Operator. */
export function isToolkitKind(kind: string): kind is ToolkitKind {
  return Object.hasOwn(toolkitKinds, kind);
}

export function isToolkitWorkload(workload: FluxWorkload): workload is ToolkitWorkload {
  return isToolkitKind(workload.kind);
}

/** The kind of a workload or source; undefined for a reference to what is neither. */
export function kindOfFlux({ kind }: Pick<ObjectId, "kind">): Kind | undefined {
  return sourceKinds[kind] ?? (isWorkloadKind(kind) ? workloadKinds[kind] : undefined);
}

/** @throws TypeError for what nobody can be asked to reconcile */
export function askableKind(object: Pick<ObjectId, "kind">): Kind {
  const known = kindOfFlux(object);
  if (!known) throw new TypeError(`nobody reconciles a ${object.kind}`);
  return known;
}

/** As typed in REFs and written in names. */
export const shortKind = {
  Kustomization: "ks",
  HelmRelease: "hr",
  ResourceSet: "rset",
  FluxInstance: "fi",
} as const satisfies Readonly<Record<WorkloadKind, string>>;

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
  /**
   * what it is made from: `sourceRef`, `chart.spec.sourceRef` or `chartRef`; of a FluxInstance the source that its sync makes.
   * Without a kind for a ResourceSet, which holds its content itself
   */
  source: SourceRef;
  /** a HelmRelease's source is a `chartRef` and is the chart itself */
  byChartRef: boolean;
  /** Kustomization: `spec.path` */
  path: string | undefined;
  /** HelmRelease: `spec.chart.spec.chart` and `.version` */
  chart: { name: string; version: string | undefined } | undefined;
  /** FluxInstance: `spec.sync` */
  sync: FluxSync | undefined;
  /** ResourceSet: the workload that applied it, as its labels say */
  appliedBy: WorkloadId | undefined;
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

/** Whether an object is of one of the kinds that are workloads. */
export function isWorkloadId(id: ObjectId): id is WorkloadId {
  return isWorkloadKind(id.kind) && id.group === workloadKinds[id.kind].group;
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

type Origin = Pick<Workload, "source"> &
  Partial<Pick<Workload, "byChartRef" | "path" | "chart" | "sync" | "appliedBy" | "releaseName">>;

function originOf(object: FluxWorkload, namespace: string): Origin {
  switch (object.kind) {
    case "Kustomization": {
      const { sourceRef = {}, path } = object.spec ?? {};
      return { source: sourceRefFrom(sourceRef, namespace), path };
    }
    case "HelmRelease": {
      const { chartRef, chart: template, releaseName } = object.spec ?? {};
      const chart = template?.spec;
      const source = sourceRefFrom(chartRef ?? chart?.sourceRef ?? {}, namespace);
      if (chartRef || !chart) return { source, byChartRef: chartRef !== undefined, releaseName };
      return { source, chart: { name: chart.chart ?? "", version: chart.version }, releaseName };
    }
    case "ResourceSet":
      return { source: sourceRefFrom({}, namespace), appliedBy: labelledBy(object)[0] };
    case "FluxInstance": {
      const { sync } = object.spec ?? {};
      const [made] = syncOf(object);
      const reference = made ? { kind: made.kind, name: made.metadata.name } : {};
      return { source: sourceRefFrom(reference, namespace), sync };
    }
  }
}

/** @param file where the object came from, when it came from a file */
export function workloadFrom(object: FluxWorkload, file?: string): Workload {
  const namespace = object.metadata.namespace ?? "";
  const { spec } = object;
  const {
    source,
    byChartRef = false,
    path,
    chart,
    sync,
    appliedBy,
    releaseName,
  } = originOf(object, namespace);
  return {
    kind: object.kind,
    namespace,
    name: object.metadata.name,
    source,
    byChartRef,
    path,
    chart,
    sync,
    appliedBy,
    releaseName,
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
