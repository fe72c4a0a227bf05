import type { Application } from "../../argo/application.js";
import { existingFrom } from "../../argo/existing.js";
import { type WorkloadKind, workloadKinds } from "../../flux/workload.js";
import { keyOf } from "../../kube/object-id.js";
import { annotation, label } from "../../names.js";
import { isElsewhere } from "../engine/elsewhere.js";
import { stateOf } from "../engine/reporter.js";
import { type Known, unsureBecause } from "./known.js";

/** A workload as it is told of. */
export interface WorkloadName {
  kind: WorkloadKind;
  namespace: string;
  name: string;
}

/**
 * What an Application shows that `--auto` made and may remove. Undefined for every other one: of which somebody removed the
 * annotation or changed what it shows, which Argo CD itself reconciles by now, which is being deleted.
 */
export function shownByOwn(application: Application): WorkloadName | undefined {
  const { metadata, spec } = application;
  const { annotations = {}, labels = {}, deletionTimestamp } = metadata;
  if (annotations[annotation.auto] !== "true" || deletionTimestamp) return undefined;
  const { generated, shows } = existingFrom(application);
  if (!generated) return undefined;
  if (stateOf(application) !== "ours" || isElsewhere(application)) return undefined;
  const recorded = (key: string) => labels[key] ?? annotations[key];
  const isAsMade =
    Object.hasOwn(workloadKinds, shows.kind) &&
    recorded(label.workloadName) === shows.name &&
    recorded(label.destinationNamespace) === spec.destination.namespace;
  return isAsMade
    ? { kind: shows.kind as WorkloadKind, namespace: shows.namespace, name: shows.name }
    : undefined;
}

export function keyOfWorkload({ kind, namespace, name }: WorkloadName): string {
  return keyOf({ group: workloadKinds[kind].group, kind, namespace, name });
}

/** Whether a workload is gone for sure: of its kind all are known, and it is not among them. */
export function isGone(workload: WorkloadName, known: Known): boolean {
  if (known.workloads.has(keyOfWorkload(workload))) return false;
  return unsureBecause(workloadKinds[workload.kind], known) === undefined;
}
