import { idOfSource } from "../../flux/sources.js";
import type { Suspension } from "../../flux/suspension.js";
import { isToolkitKind, typedRef, type Workload } from "../../flux/workload.js";
import type { KubeObject } from "../../kube/object.js";
import { keyOf, renderId } from "../../kube/object-id.js";
import { type Finding, finding } from "./finding.js";

/** A workload with what only the check wants to know of it. */
export interface CheckedWorkload extends Workload {
  /** for suspended ones: when and by whom that field was last written, as far as its managed fields tell */
  suspendedSince: Suspension | undefined;
  /** native Applications that manage objects of its inventory, with how many, and one of these for an example */
  alsoManagedBy: { application: string; count: number; example: string }[];
}

/** What is there of the sources that workloads refer to. */
export interface KnownSources {
  /** by `keyOf()`, without their status */
  objects: ReadonlyMap<string, KubeObject>;
  /** kinds that were listed whole */
  listed: ReadonlySet<string>;
  /** kinds that the cluster does not serve */
  notServed: ReadonlySet<string>;
}

/** Suspended for longer than this is worth a word: a week. */
const longSuspensionMs = 7 * 24 * 60 * 60 * 1000;

/** What is wrong with workloads as such. */
export function workloadFindings(
  workloads: readonly CheckedWorkload[],
  sources: KnownSources,
  now: Date,
): Finding[] {
  return workloads.flatMap((workload) => [
    ...missingSource(workload, sources),
    ...doubleManagement(workload),
    ...longSuspension(workload, now),
  ]);
}

function objectOf({ kind, namespace, name }: Workload) {
  return { kind, namespace, name };
}

function missingSource(workload: Workload, { objects, listed, notServed }: KnownSources): Finding[] {
  // that of a FluxInstance is its own work
  if (!isToolkitKind(workload.kind)) return [];
  const { source } = workload;
  const missing = (why: string, remedy: string) => [
    finding("source-missing", objectOf(workload), { why, remedy }),
  ];
  if (notServed.has(source.kind)) {
    return missing(
      `its source is ${renderId(source)}, a kind that the cluster does not serve`,
      `Install the Flux component that brings ${source.kind}, or refer to another source`,
    );
  }
  if (!listed.has(source.kind) || objects.has(keyOf(idOfSource(source)))) return [];
  return missing(
    `its source ${renderId(source)} does not exist`,
    "Create the source, correct the reference, or delete the workload",
  );
}

function doubleManagement(workload: CheckedWorkload): Finding[] {
  return workload.alsoManagedBy.map(({ application, count, example }) =>
    finding("double-management", objectOf(workload), {
      why: `${count === 1 ? "an object" : `${count} objects`} of it (${example}) ${count === 1 ? "is" : "are"} also managed by the Argo CD Application ${application}: the two undo each other's changes`,
      remedy: `Let one of them go: delete the Application without cascade, or suspend the ${workload.kind} and remove it with prune off`,
    }),
  );
}

function longSuspension(workload: CheckedWorkload, now: Date): Finding[] {
  const { suspendedSince: since } = workload;
  if (!workload.suspended || !since) return [];
  if (now.getTime() - Date.parse(since.time) < longSuspensionMs) return [];
  return [
    finding("suspended-long", objectOf(workload), {
      why: `it is suspended since ${since.time.slice(0, 10)} (${since.who}), so nothing that changes in its source arrives`,
      remedy: `Resume it: flamingo resume ${typedRef(workload)}`,
    }),
  ];
}
