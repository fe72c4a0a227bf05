import type { Engine } from "../../argo/application.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import type { Combination } from "../../support-matrix/combination.js";
import type { FluxApis } from "../../support-matrix/flux-apis.js";
import type { Chosen } from "../../support-matrix/resolve.js";
import type { InstallMode } from "../install-objects.js";
import type { Kept } from "../record.js";

/** What whoever types `install` may say of what is to run. */
export interface PlanWish {
  version?: string | undefined;
  engine?: Engine | undefined;
  mode?: InstallMode | undefined;
  /** `--auto`, `--no-auto` */
  auto?: boolean | undefined;
  project?: string | undefined;
  projectTemplate?: string | undefined;
  dev?: boolean | undefined;
  force?: boolean | undefined;
}

/** Where it is to run. What is not known is left out: everything where no cluster is looked at. */
export interface PlanSituation {
  /** the Argo CD in the namespace that the install is for */
  here?: InstalledArgo | undefined;
  /** what flamingo remembers of an install there */
  kept?: Kept | undefined;
  flux?: FluxApis | undefined;
  platforms?: readonly string[] | undefined;
  /** of the API server: "v1.36.3" */
  kubernetes?: string | undefined;
  /** the kinds of workloads that there are */
  inUse?: readonly Combination[] | undefined;
}

/** With neither Argo CD nor the engine there is nothing to do. */
export interface InstallPlan {
  /** undefined: Argo CD is left alone */
  argo?: { is: "stock"; argocd: string } | { is: "fsa"; argocd: string; chosen: Chosen };
  /** an FSA image goes: Applications that were made for it need another form first */
  leavesFsa?: true;
  /** flamingo's engine in the cluster */
  engine?: { auto: Auto | undefined };
  /** what is done, why, and what of Flux will be seen: sentences without a full stop */
  says: string[];
  warnings: string[];
}

/** How the engine makes Applications by itself: in which AppProject; by itself `default`. */
export interface Auto {
  project?: string | undefined;
  projectTemplate?: string | undefined;
}
