import { type Application, type Engine, projectOf } from "../../argo/application.js";
import {
  clusterOf,
  engineOf,
  isElsewhere,
  isGenerated,
  loopbackStateOf,
  shownBy,
  skipsReconcile,
} from "../../argo/generated.js";
import type { ObjectId } from "../../kube/object-id.js";
import { keyOfReference } from "../../kube/object-id.js";

/** What the check needs of an Application: thousands are held at once. */
export interface AppRecord {
  namespace: string;
  name: string;
  generated: boolean;
  engine: Engine | undefined;
  /** Argo CD's own controller leaves it alone */
  skipsReconcile: boolean;
  /** whether `flamingo loopback` speaks for it, see `loopbackStateOf()` */
  loopback: "ours" | "lost" | "other";
  project: string;
  /** `repoURL` of its source; undefined where there is none, or several */
  repository: string | undefined;
  /** the workload that it shows, where it is for an engine */
  shows: ObjectId;
  /** of that workload, as `clusterOf()` names it */
  cluster: string | undefined;
  /** the objects that Argo CD itself manages with it, in this cluster: by `keyOf()` */
  resources: readonly string[];
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
    loopback: loopbackStateOf(application),
    project: projectOf(application),
    repository: application.spec?.source?.repoURL,
    shows: shownBy(application),
    cluster: clusterOf(application),
    resources: isNative ? (status?.resources ?? []).map(keyOfReference) : [],
  };
}
