import { conditionOf } from "./condition.js";
import { deployedIn } from "./helm-release.js";
import { isSuccess } from "./kustomization.js";
import type { FluxWorkload } from "./workload.js";

/**
 * When Flux last came to a good end with what a workload applies; undefined when that is not known. A Kustomization tells it
 * while it is Ready, and since Flux 2.7 also afterwards; a HelmRelease, which looks at its objects only when it makes a release,
 * since Flux 2.2.
 */
export function lastSuccessOf(workload: FluxWorkload): string | undefined {
  if (workload.kind === "HelmRelease") {
    return deployedIn(workload.status?.history)?.lastDeployed;
  }
  const ready = conditionOf(workload, "Ready");
  const known = (workload.status?.history ?? [])
    .filter(isSuccess)
    .map(({ lastReconciled }) => lastReconciled);
  const times = [...known, ready?.status === "True" ? ready.lastTransitionTime : undefined];
  return times
    .flatMap((time) => time ?? [])
    .sort()
    .at(-1);
}
