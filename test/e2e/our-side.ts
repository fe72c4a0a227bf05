import { onTestFinished } from "vitest";
import type { Rig } from "./e2e.js";
import { deployed, type Follow, type Followed } from "./followed.js";
import { run } from "./run.js";
import type { FluxWorkload } from "./workloads.js";

export interface OurSide {
  ours: Followed;
  /** names of revisions, by the revision: its commit is "first" */
  titles: Map<string, string>;
}

/**
 * An Application of a workload, called as its namespace, that is in step and healthy; what is sent from now on counts.
 *
 * @param follow flamingo runs already
 */
export async function ourSide(
  rig: Rig,
  follow: Follow,
  ref: string,
  { namespace, commit }: Pick<FluxWorkload, "namespace" | "commit">,
): Promise<OurSide> {
  await run(rig, `generate-app ${ref} -n ${namespace} --app-name ${namespace}`);
  onTestFinished(() => rig.cluster.delete("argoproj.io/v1alpha1", "Application", namespace, "argocd"));
  const ours = await follow(namespace);
  await ours.until({ sync: { status: "Synced" }, health: { status: "Healthy" } });
  await ours.settle(deployed);
  return { ours, titles: new Map([[commit, "first"]]) };
}
