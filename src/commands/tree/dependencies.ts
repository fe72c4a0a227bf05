import { workloadsOf } from "../../applications/shown-workloads.js";
import type { Subject } from "../../applications/subject.js";
import { ExitCode } from "../../errors.js";
import {
  type FluxWorkload,
  idOfWorkload,
  isWorkloadKind,
  type WorkloadKind,
  workloadKinds,
} from "../../flux/workload.js";
import { allOf } from "../../kube/all-of.js";
import { isForbidden } from "../../kube/failure.js";
import type { Kube } from "../../kube/kube.js";
import { kubectlName, renderId } from "../../kube/object-id.js";
import type { ListFormat, ListView } from "../../output/list-view.js";
import { andList } from "../../text/and-list.js";
import { requireFlux } from "../../workloads/select.js";
import type { Deps } from "../deps.js";
import {
  circlesAmong,
  type DependencyRecord,
  type DependencyRow,
  dependencyRecords,
  dependencyRows,
  type NamedWorkload,
  neededBy,
} from "./dependency-records.js";

/** Shows what all workloads, or one, depend on. @returns the exit code */
export async function showDependencies(
  subject: Subject | undefined,
  output: ListFormat,
  deps: Deps,
): Promise<number> {
  const { say, namespaces } = deps;
  const kube = await deps.kube();
  const named = subject && (await workloadsOf([subject], kube, namespaces)).workloads[0];
  const { workloads, homes } = await readWorkloads(kube, namespaces.flux, (clause) =>
    say.warning(`flamingo ${clause}: only those in ${namespaces.flux} are shown`),
  );
  const isKnown = ({ kind, namespace }: NamedWorkload) =>
    isWorkloadKind(kind) && (homes.get(kind) ?? namespace) === namespace;
  const all = dependencyRecords(workloads, isKnown);
  const records = named ? neededBy(idOfWorkload(named), all) : all;
  const empty = named ? `${renderId(named)} depends on no other` : recordView.empty;
  if (output === "table" || output === "wide")
    await deps.print(dependencyRows(records), { ...rowView, empty }, output);
  else await deps.print(records, recordView, output);
  for (const circle of circlesAmong(records)) {
    const names = andList(circle.map(renderId));
    say.warning(
      circle.length === 1
        ? `${names} depends on itself: Flux never comes to it`
        : `${names} depend on each other: Flux never comes to them`,
    );
  }
  return ExitCode.done;
}

const rowView: Omit<ListView<DependencyRow>, "empty"> = {
  columns: {
    WORKLOAD: ({ lines, kind, name }) => `${lines}${kind}/${name}`,
    NAMESPACE: ({ namespace }) => namespace,
    READY: ({ ready }) => (ready === null ? "Unknown" : ready ? "True" : "False"),
    MESSAGE: ({ message }) => message,
  },
  name: ({ name }) => name,
};

const recordView: ListView<DependencyRecord> = {
  columns: {},
  name: ({ kind, name }) => kubectlName({ group: workloadKinds[kind as WorkloadKind].group, kind, name }),
  empty: "No workload depends on another",
};

/**
 * All workloads, of all namespaces as far as these may be read.
 *
 * @param onForbidden told why of a kind only those of one namespace are there
 * @returns also by kind the one namespace where they could be read
 */
async function readWorkloads(
  kube: Kube,
  home: string,
  onForbidden: (clause: string) => void,
): Promise<{ workloads: FluxWorkload[]; homes: Map<string, string> }> {
  await requireFlux({ reader: kube });
  const homes = new Map<string, string>();
  const lists = Object.values(workloadKinds).map(async (kind) => {
    try {
      return await allOf(kube.list(kind));
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const found = await allOf(kube.list(kind, { namespace: home }));
      homes.set(kind.kind, home);
      onForbidden(error.clause);
      return found;
    }
  });
  return { workloads: (await Promise.all(lists)).flat(), homes };
}
