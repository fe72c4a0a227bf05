import { applicationNameProblem, fillTemplate } from "../../argo/name-template.js";
import { UserError } from "../../errors.js";
import { variablesIn } from "../../flux/variables.js";
import type { Workload } from "../../flux/workload.js";
import { renderId } from "../../kube/object-id.js";
import type { Request } from "./request.js";

/** What the Application for a workload is called; whether that is a name is another question ({@link checkName}). */
export function nameFor(
  workload: Pick<Workload, "namespace" | "name" | "kind">,
  { naming, clusterName }: Request,
): string {
  if (naming === "workload") return workload.name;
  return "appName" in naming ? naming.appName : fillTemplate(naming.template, workload, clusterName);
}

/** The name is one Application's, not made from a template. */
export function isSingleName({ naming }: Request): boolean {
  return naming === "workload" || "appName" in naming;
}

/** The workloads whose Applications would have the same name, by that name; most runs have none. */
export function namesakesAmong(
  all: readonly { workload: Workload }[],
  request: Request,
): Map<string, Workload[]> {
  const bearers = new Map<string, Workload>();
  const namesakes = new Map<string, Workload[]>();
  for (const { workload } of all) {
    const name = nameFor(workload, request);
    const first = bearers.get(name);
    if (first) namesakes.set(name, [...(namesakes.get(name) ?? [first]), workload]);
    else bearers.set(name, workload);
  }
  return namesakes;
}

/**
 * @param namesakes workloads whose Applications would have the same name
 * @throws UserError when two would share it, or it is no name
 */
export function checkName(workload: Workload, name: string, namesakes: Workload[], request: Request): void {
  const cannot = `Cannot generate an Application for ${renderId(workload)}`;
  const single = isSingleName(request);
  const way = single ? "Choose a name with --app-name" : `Choose other names with --name-template, such as`;
  if (namesakes.length > 0) {
    const others = namesakes.slice(0, 3).map(renderId).join(", ");
    throw new UserError(`${cannot}: its name ${name} would be that of ${others}, too`, {
      hint: `${way} '{namespace}.{name}.{kind}'`,
    });
  }
  // the name of a variable is replaced later, by whoever replaces it in the workload
  if (workload.file !== undefined && variablesIn(name).length > 0) return;
  const problem = applicationNameProblem(name);
  if (!problem) return;
  throw new UserError(`${cannot}: ${JSON.stringify(name)} is no name for it: ${problem}`, {
    hint: single ? way : `${way} '{name}-{kind}'`,
  });
}
