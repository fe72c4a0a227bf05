import type { Application } from "../../argo/application.js";
import type { ProjectChoice } from "../../argo/project-choice.js";
import type { FluxWorkload, WorkloadKind } from "../../flux/workload.js";
import { CustomResourceDefinition } from "../../kube/kinds.js";
import type { LabelSelector } from "../../kube/label-selector.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { keyOf, objectId } from "../../kube/object-id.js";
import { resourceName } from "../../kube/resource.js";
import type { LiveObjects } from "../../report/live/live-index.js";
import type { Unknown } from "../unknown.js";

/** Which workloads get Applications, what those are called, and in which AppProjects they are. */
export interface AutoSettings {
  /** where Applications live (`-N`) */
  namespace: string;
  selection: {
    /** of the workloads; undefined for all */
    namespace: string | undefined;
    kinds: readonly WorkloadKind[];
    labels: LabelSelector | undefined;
  };
  /** of names, see `fillTemplate()` */
  template: string;
  project: ProjectChoice;
}

/** What is known of the cluster, and how far that goes. */
export interface Known {
  /** by `namespacedName()` */
  applications: ReadonlyMap<string, Application>;
  /** by `keyOf()` */
  workloads: ReadonlyMap<string, FluxWorkload>;
  /** by `keyOf()` */
  sources: ReadonlyMap<string, LiveObject>;
  live: Pick<LiveObjects, "get">;
  /** Why it is not known which objects of a kind there are, in one namespace or in all; undefined when it is. */
  unknownBecause(kind: Kind, namespace?: string): Unknown | undefined;
}

/**
 * Why it is not known which objects of a kind there are, in any namespace. One that is not served although its CRD is there will be
 * in a moment.
 */
export function unknownBecause(kind: Kind, known: Known): Unknown | undefined {
  const because = known.unknownBecause(kind);
  return because === "not served" && hasCrd(kind, known) ? "unavailable" : because;
}

/**
 * Why an object of a kind may be there although it is not known. A CRD that is deleted takes the objects of its kind with it, one
 * after the other: that is told as if each had been deleted, and nobody meant any of them. So such a kind counts as not served
 * from the beginning.
 */
export function unsureBecause(kind: Kind, known: Known): Unknown | undefined {
  const because = unknownBecause(kind, known);
  if (because !== undefined) return because;
  const ofCrds = known.unknownBecause(CustomResourceDefinition);
  // who may not see CRDs has nothing but the kind itself to go by
  if (ofCrds !== undefined) return ofCrds === "unavailable" ? ofCrds : undefined;
  return hasCrd(kind, known) ? undefined : "not served";
}

/** Whether there is one that is not being deleted. */
function hasCrd(kind: Kind, { live }: Known): boolean {
  const crd = live.get(keyOf(objectId(CustomResourceDefinition, { name: resourceName(kind) })));
  return crd !== undefined && !crd.metadata.deletionTimestamp;
}
