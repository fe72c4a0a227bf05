import { Application } from "../argo/application.js";
import { generatedSelector } from "../argo/generated.js";
import { ExitCode, UserError } from "../errors.js";
import { absence } from "../kube/elsewhere.js";
import type { Reader } from "../kube/kube.js";
import { resourceName } from "../kube/resource.js";

/**
 * The Application of this name, whoever made it.
 *
 * @throws UserError that says where else it is, or which names are near it (exit code 5; 6 without Argo CD)
 */
export async function findNamed(reader: Reader, name: string, namespace: string): Promise<Application> {
  const found = await reader.find(Application, { name, namespace });
  if (found) return found;
  if ((await reader.servedVersion(Application)) === undefined) {
    throw new UserError(
      `Cannot read the Application ${name}: the cluster does not serve ${resourceName(Application)}`,
      {
        hint: "Install Argo CD first: flamingo install; or choose another --context",
        exitCode: ExitCode.notServed,
      },
    );
  }
  throw await absence(
    reader,
    Application,
    { name, namespace },
    {
      flag: "-N",
      spelled: (near) => near,
      labels: generatedSelector,
      otherwise: `See what there is: flamingo get -N ${namespace}`,
    },
  );
}
