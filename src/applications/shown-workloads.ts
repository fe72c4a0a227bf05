import type { Application } from "../argo/application.js";
import { clusterOf, isElsewhere, isGenerated, shownBy, unknownBecause } from "../argo/generated.js";
import { ExitCode, UserError } from "../errors.js";
import { idOfWorkload, isWorkloadId, type Workload, workloadFrom, workloadKinds } from "../flux/workload.js";
import { concurrently } from "../kube/concurrently.js";
import type { Reader } from "../kube/kube.js";
import { keyOf, renderId } from "../kube/object-id.js";
import { type Selected, selectWorkloads } from "../workloads/select.js";
import { findNamed } from "./find-named.js";
import type { Subject } from "./subject.js";

export interface SubjectNamespaces {
  /** of Applications */
  app: string;
  /** of workloads that are named themselves */
  flux: string;
}

const atOnce = 8;

/**
 * The workloads that are named, each once, and an error for each that could not be had.
 *
 * @throws UserError for a single one that could not
 */
export async function workloadsOf(
  subjects: readonly Subject[],
  reader: Reader,
  namespaces: SubjectNamespaces,
): Promise<Selected> {
  const workloads = new Map<string, Workload>();
  const failures: UserError[] = [];
  const results = concurrently(subjects, atOnce, (subject) =>
    workloadOf(subject, reader, namespaces).catch((error: unknown) => {
      if (subjects.length === 1 || !(error instanceof UserError)) throw error;
      return error;
    }),
  );
  for await (const result of results) {
    if (result instanceof UserError) failures.push(result);
    else workloads.set(keyOf(idOfWorkload(result)), result);
  }
  return { workloads: [...workloads.values()], failures };
}

async function workloadOf(
  subject: Subject,
  reader: Reader,
  namespaces: SubjectNamespaces,
): Promise<Workload> {
  if ("application" in subject) return shownWorkload(subject.application, reader, namespaces.app);
  const { workloads } = await selectWorkloads({ refs: [subject.ref] }, { reader }, namespaces.flux);
  // a single one that is not there is thrown
  return workloads[0] as Workload;
}

async function shownWorkload(name: string, reader: Reader, namespace: string): Promise<Workload> {
  const shown = shownBy(await findShowing(name, reader, namespace));
  const found = isWorkloadId(shown) ? await reader.find(workloadKinds[shown.kind], shown) : undefined;
  if (found) return workloadFrom(found);
  throw new UserError(`${renderId(shown)} not found, which is ${what(name, namespace)}`, {
    hint: `See what is wrong with it: flamingo check`,
    exitCode: ExitCode.notFound,
  });
}

/**
 * The Application of this name, which shows a workload on this cluster.
 *
 * @throws UserError for one that is not there, flamingo did not make, shows what this release does not know, or is for another cluster
 */
export async function findShowing(name: string, reader: Reader, namespace: string): Promise<Application> {
  const application = await findNamed(reader, name, namespace);
  const its = what(name, namespace);
  if (!isGenerated(application)) {
    throw new UserError(`Cannot tell ${its}: flamingo did not make it`, {
      hint: "Name the workload itself: ks/NAME or hr/NAME",
    });
  }
  const unknown = unknownBecause(application);
  if (unknown !== undefined)
    throw new UserError(`Cannot tell ${its}: ${unknown}`, { hint: "Take a newer flamingo" });
  if (isElsewhere(application)) {
    throw new UserError(
      `Cannot reach ${its}: it is on the cluster ${clusterOf(application) ?? "of another name"}`,
      {
        hint: "Name the workload itself, ks/NAME or hr/NAME, with the --context of its cluster",
      },
    );
  }
  return application;
}

function what(name: string, namespace: string): string {
  return `what the Application ${name} in ${namespace} shows`;
}
