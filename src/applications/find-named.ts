import { Application } from "../argo/application.js";
import { generatedSelector } from "../argo/generated.js";
import { ExitCode, UserError } from "../errors.js";
import { namesNear, namespacesWith } from "../kube/elsewhere.js";
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
      { hint: "Install Argo CD first, or choose another --context", exitCode: ExitCode.notServed },
    );
  }
  throw await absence(reader, name, namespace);
}

async function absence(reader: Reader, name: string, namespace: string): Promise<UserError> {
  const sentence = `Application ${name} not found in ${namespace}`;
  const { notFound: exitCode } = ExitCode;
  const elsewhere = await namespacesWith(reader, Application, name);
  const [first] = elsewhere;
  if (first !== undefined)
    return new UserError(`${sentence}; it is in ${elsewhere.join(", ")}`, {
      hint: `Add -N ${first}`,
      exitCode,
    });
  const guesses = await namesNear(reader, Application, name, { namespace, labels: generatedSelector });
  const look = `See what there is: kubectl get ${resourceName(Application)} -n ${namespace}`;
  const hint = guesses.length > 0 ? `Did you mean ${guesses.join(" or ")}?` : look;
  return new UserError(sentence, { hint, exitCode });
}
