import type { Kind, KubeObject } from "../kube/object.js";
import type { Readiness } from "../kube/readiness.js";
import { HelmRelease } from "./helm-release.js";
import { parseInventoryId } from "./inventory.js";
import { Kustomization } from "./kustomization.js";
import { readinessOf } from "./readiness.js";
import { type SourceRef, sourceRefFrom } from "./source-ref.js";

export type WorkloadKind = "Kustomization" | "HelmRelease";

export const workloadKinds: Readonly<Record<WorkloadKind, Kind>> = { Kustomization, HelmRelease };

/** "ks" and "hr", as typed in REFs and written in names. */
export const shortKind: Readonly<Record<WorkloadKind, "ks" | "hr">> = {
  Kustomization: "ks",
  HelmRelease: "hr",
};

/**
 * A Flux workload, whatever API version it came in. Only what an Application needs: thousands of them are held at once,
 * where the objects themselves (status, managed fields) would not fit.
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
export function workloadFrom(object: Kustomization | HelmRelease, file?: string): Workload {
  const kind: WorkloadKind = object.kind === HelmRelease.kind ? "HelmRelease" : "Kustomization";
  const namespace = object.metadata.namespace ?? "";
  const { spec } = object as HelmRelease & Kustomization;
  const byChartRef = kind === "HelmRelease" && spec?.chartRef !== undefined;
  const chart = kind === "HelmRelease" ? spec?.chart?.spec : undefined;
  const reference = kind === "Kustomization" ? spec?.sourceRef : (spec?.chartRef ?? chart?.sourceRef);
  return {
    kind,
    namespace,
    name: object.metadata.name,
    source: sourceRefFrom(reference ?? {}, namespace),
    byChartRef,
    path: kind === "Kustomization" ? spec?.path : undefined,
    chart: chart && !byChartRef ? { name: chart.chart ?? "", version: chart.version } : undefined,
    releaseName: kind === "HelmRelease" ? spec?.releaseName : undefined,
    targetNamespace: spec?.targetNamespace,
    suspended: spec?.suspend === true,
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

function hiddenObjects(object: Kustomization | HelmRelease, namespace: string): Workload["hidden"] {
  const hidden = { ...nothingHidden };
  for (const { id } of object.status?.inventory?.entries ?? []) {
    const item = parseInventoryId(id);
    if (!item) continue;
    if (item.namespace !== namespace) hidden.otherNamespaces++;
    else if (item.kind === "StatefulSet") hidden.statefulSets++;
    else if (item.kind === "Secret" && item.group === "") hidden.secrets++;
  }
  return Object.values(hidden).some((count) => count > 0) ? hidden : nothingHidden;
}
