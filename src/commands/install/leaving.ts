import type { Application } from "../../argo/application.js";
import { checkMayChange } from "../../install/leave-fsa.js";
import type { Kube } from "../../kube/kube.js";
import type { Deps } from "../deps.js";

/**
 * Says that these Applications get the form loopback before an FSA image goes.
 *
 * @throws UserError where that may not be
 */
export async function announceLeaving(
  kube: Kube,
  applications: readonly Application[],
  { say }: Deps,
): Promise<void> {
  if (applications.length === 0) return;
  await checkMayChange(kube, applications);
  say.act(
    `Before that Applications get the form for the engine loopback (${applications.length} of them), which must run to fill them`,
  );
}
