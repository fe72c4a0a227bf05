import type { Application } from "../../argo/application.js";
import { checkMayChange, fsaApplications, objectionToLeaving } from "../../install/leave-fsa.js";
import type { Kube } from "../../kube/kube.js";
import type { Deps } from "../deps.js";

/**
 * The Applications that have to get the form loopback before an FSA image goes, which is said.
 *
 * @throws UserError where that cannot be
 */
export async function applicationsLeaving(
  kube: Kube,
  namespace: string,
  { say }: Deps,
): Promise<Application[]> {
  const applications = await fsaApplications(kube, namespace);
  const objection = objectionToLeaving(applications);
  if (objection) throw objection;
  await checkMayChange(kube, applications);
  if (applications.length > 0)
    say.act(
      `Before that Applications get the form for the engine loopback (${applications.length} of them), which must run to fill them`,
    );
  return applications;
}
