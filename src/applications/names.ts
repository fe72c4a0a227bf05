import { applicationNameProblem, fillTemplate, shortName } from "../argo/name-template.js";
import { cannotGenerate } from "../flux/location-errors.js";
import { variablesIn } from "../flux/variables.js";
import type { Workload } from "../flux/workload.js";
import { renderId } from "../kube/object-id.js";

/** How Applications are named: the only one as told, or all by a template, see `fillTemplate()`. */
export type Naming = { appName: string } | { template: string; clusterName: string };

/** What the Application for a workload is called; whether that is a name is another question ({@link checkName}). */
export function nameFor(workload: Pick<Workload, "namespace" | "name" | "kind">, naming: Naming): string {
  const name =
    "appName" in naming ? naming.appName : fillTemplate(naming.template, workload, naming.clusterName);
  // how long it will be with the values of its variables is not known
  return variablesIn(name).length > 0 ? name : shortName(name);
}

/** The workloads by the names of their Applications: a single one for each name, if all is well. */
export function bearersByName(workloads: Iterable<Workload>, naming: Naming): Map<string, Workload[]> {
  const bearers = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const name = nameFor(workload, naming);
    const known = bearers.get(name);
    if (known) known.push(workload);
    else bearers.set(name, [workload]);
  }
  return bearers;
}

/**
 * @param bearers all workloads whose Applications would have this name, this one among them
 * @param hint what to do about a text that is no name
 * @throws UserError when several would share it, or it is no name
 */
export function checkName(
  workload: Workload,
  name: string,
  bearers: readonly Workload[],
  hint: string,
): void {
  if (bearers.length > 1) {
    // of thousands no more are looked at than are named
    const others = bearers.slice(0, 4).filter((bearer) => bearer !== workload);
    const named = others.slice(0, 3).map(renderId).join(", ");
    throw cannotGenerate(
      workload,
      `its name ${name} would be that of ${named}, too`,
      "Choose other names with --name-template, such as '{namespace}.{name}.{kind}'",
    );
  }
  // the name of a variable is replaced later, by whoever replaces it in the workload
  if (workload.file !== undefined && variablesIn(name).length > 0) return;
  const problem = applicationNameProblem(name);
  if (!problem) return;
  throw cannotGenerate(workload, `${JSON.stringify(name)} is no name for it: ${problem}`, hint);
}
