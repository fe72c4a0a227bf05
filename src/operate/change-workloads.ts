import { UserError } from "../errors.js";
import { type Workload, workloadKinds } from "../flux/workload.js";
import { concurrently } from "../kube/concurrently.js";
import type { Kube, MergePatch } from "../kube/kube.js";
import { fieldManager } from "../names.js";

/** What became of a workload. */
export type ChangeResult = { workload: Workload; outcome: "changed" | "unchanged" } | { failure: UserError };

/** A hundred workloads take about six times as long as one. */
const atOnce = 16;

/**
 * Changes workloads, some at a time; one that fails is no reason to leave the others out. The results come in their order.
 *
 * @param patchFor undefined for one that is to stay as it is
 */
export async function* changeWorkloads(
  kube: Pick<Kube, "mergePatch">,
  workloads: Iterable<Workload>,
  patchFor: (workload: Workload) => MergePatch | undefined,
): AsyncGenerator<ChangeResult> {
  yield* concurrently(workloads, atOnce, async (workload): Promise<ChangeResult> => {
    const patch = patchFor(workload);
    if (!patch) return { workload, outcome: "unchanged" };
    const { kind, namespace, name } = workload;
    try {
      await kube.mergePatch(workloadKinds[kind], { namespace, name }, patch, { fieldManager });
      return { workload, outcome: "changed" };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { failure: error };
    }
  });
}
