import type { WorkloadKind } from "../flux/workload.js";
import type { ObjectMeta } from "../kube/object.js";
import { renderId } from "../kube/object-id.js";
import { label, managedByFlamingo } from "../names.js";
import { type Application, type Engine, engineOf } from "./application.js";

/** An Application that is on the cluster already: what decides whether it may be overwritten, and what it says. */
export interface ExistingApplication {
  name: string;
  /** made by flamingo, this one or the Go CLI */
  generated: boolean;
  engine: Engine;
  /** the workload that it shows, as its labels (or annotations, where a label would not do) say */
  shows: { kind: string; namespace: string; name: string; server: string };
  content: ApplicationContent;
}

/** The parts that people write; Argo CD's own (status, operation) left out. */
export interface ApplicationContent {
  metadata: Pick<ObjectMeta, "labels" | "annotations" | "finalizers">;
  spec: Application["spec"];
}

export function contentOf({ metadata, spec }: Application): ApplicationContent {
  const { labels, annotations, finalizers } = metadata;
  return {
    metadata: {
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
    },
    spec,
  };
}

export function existingFrom(application: Application): ExistingApplication {
  const { metadata, spec } = application;
  const recorded = (key: string) => metadata.labels?.[key] ?? metadata.annotations?.[key] ?? "";
  return {
    name: metadata.name,
    generated: metadata.labels?.[label.managedBy] === managedByFlamingo,
    engine: engineOf(application),
    shows: {
      kind: recorded(label.workloadType),
      namespace: spec.destination?.namespace ?? recorded(label.destinationNamespace),
      name: recorded(label.workloadName) || metadata.name,
      server: spec.destination?.server ?? "",
    },
    content: contentOf(application),
  };
}

/** Why this Application must not be overwritten to show that workload; undefined when it may be. */
export function objectionTo(
  existing: ExistingApplication,
  workload: { kind: WorkloadKind; namespace: string; name: string },
  server: string,
): string | undefined {
  if (!existing.generated) return "flamingo did not make it";
  const { shows } = existing;
  if (
    shows.kind !== workload.kind ||
    shows.name !== workload.name ||
    shows.namespace !== workload.namespace
  ) {
    return `it shows ${renderId(shows)}`;
  }
  return shows.server === server
    ? undefined
    : `it shows ${shows.kind} ${shows.name} on the cluster ${shows.server}`;
}
