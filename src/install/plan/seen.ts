import { servesFlux } from "../../support-matrix/flux-apis.js";
import type { InstallPlan, PlanSituation } from "./install-plan.js";

/** What the engine will show of a cluster's Flux. */
export function seenByEngine(
  { auto }: NonNullable<InstallPlan["engine"]>,
  { flux }: Pick<PlanSituation, "flux">,
): Pick<InstallPlan, "says" | "warnings"> {
  const which = auto
    ? "every Kustomization and HelmRelease of all namespaces gets an Application"
    : "what flamingo generate-app makes Applications of is shown; --auto with --project or --project-template makes them for every workload";
  const says = [`The engine loopback, flamingo itself in the cluster: ${which}`];
  if (!flux || servesFlux(flux)) return { says, warnings: [] };
  return {
    says,
    warnings: ["There is no Flux yet: flux install brings it, and the engine finds it when it comes"],
  };
}
