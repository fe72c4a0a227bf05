import { Application } from "../../argo/application.js";
import { generatedSelector, isGenerated } from "../../argo/generated.js";
import { ExitCode, UserError } from "../../errors.js";
import { isForbidden } from "../../kube/failure.js";
import type { Reader } from "../../kube/kube.js";
import { findNamed } from "../find-named.js";
import { type ShownApplication, shownApplicationFrom } from "./application.js";

/** Which Applications are meant, of those that flamingo made. */
export interface ApplicationChoice {
  /** `-N` */
  namespace: string;
  /** in every namespace */
  everywhere: boolean;
  /** none: all */
  names: readonly string[];
  /** a label selector as kubectl takes it */
  labels: string | undefined;
  /** only what shows workloads of this namespace */
  workloadNamespace: string | undefined;
}

export interface FoundApplications {
  apps: ShownApplication[];
  /** what could not be had of it */
  failures: UserError[];
}

/** @throws UserError for a single name that cannot be had, and where there is no Argo CD (exit code 6) */
export async function readApplications(
  reader: Reader,
  choice: ApplicationChoice,
): Promise<FoundApplications> {
  await requireApplications(reader);
  const { apps, failures } =
    choice.names.length > 0 ? await named(reader, choice) : await all(reader, choice);
  return { apps: apps.filter((app) => isWanted(app, choice)), failures };
}

/** @throws UserError where there is no Argo CD (exit code 6) */
export async function requireApplications(reader: Reader): Promise<void> {
  if ((await reader.servedVersion(Application)) === undefined) {
    throw new UserError("Cannot list Applications: the cluster does not serve applications.argoproj.io", {
      hint: "Install Argo CD first: flamingo install; or choose another --context",
      exitCode: ExitCode.notServed,
    });
  }
}

/** Whether an Application that was selected by namespace and labels is among those that are meant. */
export function isWanted(
  { name, shows }: ShownApplication,
  { names, workloadNamespace }: ApplicationChoice,
): boolean {
  return (
    (names.length === 0 || names.includes(name)) &&
    (workloadNamespace === undefined || shows.namespace === workloadNamespace)
  );
}

/** For LISTs and watches. */
export function selectorFor({ labels }: Pick<ApplicationChoice, "labels">): string {
  return labels === undefined ? generatedSelector : `${generatedSelector},${labels}`;
}

async function named(reader: Reader, { names, namespace }: ApplicationChoice): Promise<FoundApplications> {
  const found: FoundApplications = { apps: [], failures: [] };
  const results = [...new Set(names)].map(async (name) => {
    const application = await findNamed(reader, name, namespace);
    if (!isGenerated(application)) throw foreign(name, namespace);
    return shownApplicationFrom(application);
  });
  for (const result of await Promise.allSettled(results)) {
    if (result.status === "fulfilled") found.apps.push(result.value);
    else if (result.reason instanceof UserError && names.length > 1) found.failures.push(result.reason);
    else throw result.reason;
  }
  return found;
}

function foreign(name: string, namespace: string): UserError {
  return new UserError(
    `Cannot tell what the Application ${name} in ${namespace} shows: flamingo did not make it`,
    {
      hint: `Argo CD itself shows it: argocd app get ${name}`,
    },
  );
}

/** Who may not list those of all namespaces sees those of `-N`. */
async function all(reader: Reader, choice: ApplicationChoice): Promise<FoundApplications> {
  const { everywhere, namespace } = choice;
  const labels = selectorFor(choice);
  if (!everywhere) return { apps: await listed(reader, { namespace, labels }), failures: [] };
  try {
    return { apps: await listed(reader, { labels }), failures: [] };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { apps: await listed(reader, { namespace, labels }), failures: [error] };
  }
}

async function listed(
  reader: Reader,
  where: { namespace?: string; labels: string },
): Promise<ShownApplication[]> {
  const apps: ShownApplication[] = [];
  for await (const page of reader.list(Application, where)) apps.push(...page.map(shownApplicationFrom));
  return apps;
}
