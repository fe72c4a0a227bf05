import type { Application, Engine } from "../../argo/application.js";
import {
  clusterOf,
  engineOf,
  isElsewhere,
  isGenerated,
  loopbackStateOf,
  shownBy,
  skipsReconcile,
  type WorkloadId,
} from "../../argo/generated.js";

/** What the check needs of an Application: thousands are held at once. */
export interface AppRecord {
  namespace: string;
  name: string;
  generated: boolean;
  engine: Engine | undefined;
  /** Argo CD's own controller leaves it alone */
  skipsReconcile: boolean;
  /** it shows something only while `flamingo loopback` runs */
  needsLoopback: boolean;
  /** the workload that it shows, where it is for an engine */
  shows: WorkloadId;
  /** of that workload, as `clusterOf()` names it */
  cluster: string | undefined;
  /** the objects that Argo CD itself manages with it, in this cluster: {@link resourceKey} */
  resources: readonly string[];
}

/** One text for one object, whatever API version it is read in. */
export function resourceKey(object: {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
}): string {
  return `${object.group ?? ""}/${object.kind}/${object.namespace ?? ""}/${object.name}`;
}

export function appRecordFrom(application: Application): AppRecord {
  const { metadata, status } = application;
  const engine = engineOf(application);
  const skips = skipsReconcile(application);
  // what an FSA image or flamingo reports is Flux's
  const isNative = engine !== "fsa" && !skips && !isElsewhere(application);
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    generated: isGenerated(application),
    engine,
    skipsReconcile: skips,
    needsLoopback: loopbackStateOf(application) === "ours",
    shows: shownBy(application),
    cluster: clusterOf(application),
    resources: isNative ? (status?.resources ?? []).map(resourceKey) : [],
  };
}

/** "Kustomization/flux-system/podinfo" of the workload that an Application of flamingo shows. */
export function workloadKey({ kind, namespace, name }: Omit<WorkloadId, "group">): string {
  return `${kind}/${namespace}/${name}`;
}
