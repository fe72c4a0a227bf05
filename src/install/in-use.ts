import { toolkitKinds, workloadFrom } from "../flux/workload.js";
import type { Kube } from "../kube/kube.js";
import { permitted } from "../kube/permitted.js";
import { type Combination, combinationOf } from "../support-matrix/combination.js";

/** The kinds of workloads that a cluster has; undefined where the right to list them is missing. */
export async function readInUse(kube: Kube): Promise<Combination[] | undefined> {
  return (await permitted(listInUse(kube))).found;
}

async function listInUse(kube: Kube): Promise<Combination[]> {
  const inUse = new Map<string, Combination>();
  for (const kind of Object.values(toolkitKinds)) {
    for await (const page of kube.list(kind)) {
      for (const object of page) {
        const combination = combinationOf(workloadFrom(object));
        if (combination) inUse.set(Object.values(combination).join("|"), combination);
      }
    }
  }
  return [...inUse.values()];
}
