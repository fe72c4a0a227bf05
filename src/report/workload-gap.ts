import { conditionOf } from "../flux/condition.js";
import { observedGeneration } from "../flux/readiness.js";
import { appliedRevision, wantedRevision } from "../flux/revision.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";

/**
 * In what a workload is not as it is meant to be, as two objects to be compared: Flux's word, instead of manifests that
 * are the same on both sides.
 *
 * @param unseen objects that were changed without anything to show for it: sentences
 */
export function workloadGap(
  workload: FluxWorkload,
  content: LiveObject | undefined,
  unseen: readonly string[],
): { live: object; wanted: object } {
  const { apiVersion, kind, metadata } = workload;
  const { namespace, name, generation = 0 } = metadata;
  const seen = Math.max(observedGeneration(workload), 0);
  const ready = conditionOf(workload, "Ready")?.status ?? "Unknown";
  const state = (status: object) => ({ apiVersion, kind, metadata: { name, namespace }, status });
  return {
    live: state({
      revision: appliedRevision(workload, content) ?? "",
      generation: workload.spec?.suspend ? generation : seen,
      ready,
      ...(unseen.length > 0 ? { changed: unseen } : {}),
    }),
    wanted: state({ revision: wantedRevision(workload, content) ?? "", generation, ready: "True" }),
  };
}
