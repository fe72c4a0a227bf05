import type { Workload } from "../flux/workload.js";
import type { ObjectMeta } from "../kube/object.js";
import { renderId } from "../kube/object-id.js";
import type { Application } from "./application.js";
import { clusterOf, isGenerated, shownBy } from "./generated.js";

/** The parts that people write; Argo CD's own (status, operation) left out. */
export interface ApplicationContent extends Pick<Application, "spec"> {
  metadata: Pick<ObjectMeta, "labels" | "annotations" | "finalizers">;
}

export function contentOf({ metadata, spec }: Application): ApplicationContent {
  const { labels, annotations, finalizers } = metadata;
  return {
    metadata: {
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
    },
    ...(spec ? { spec } : {}),
  };
}

/**
 * Why an Application that is there must not be overwritten to show that workload; undefined when it may be.
 *
 * @param server of the cluster that the workload is on
 */
export function objectionTo(
  existing: Application,
  { kind, namespace, name }: Pick<Workload, "kind" | "namespace" | "name">,
  server: string,
): string | undefined {
  if (!isGenerated(existing)) return "flamingo did not make it";
  const shown = shownBy(existing);
  if (shown.kind !== kind || shown.name !== name || shown.namespace !== namespace)
    return `it shows ${renderId(shown)}`;
  const cluster = clusterOf(existing);
  if (cluster === undefined) return "it does not say which cluster it is for";
  return cluster === server ? undefined : `it shows ${kind} ${name} on the cluster ${cluster}`;
}
