import { cannotGenerate } from "../flux/location-errors.js";
import type { Workload } from "../flux/workload.js";
import { nameProblem } from "../text/names.js";
import { fillTemplate } from "./name-template.js";

/** Which AppProject Applications get: all the same one, or each its own, see `fillTemplate()`. */
export type ProjectChoice = { name: string } | { template: string };

/** @throws UserError for a workload of which the template makes no name */
export function projectFor(workload: Workload, choice: ProjectChoice, clusterName: string): string {
  if ("name" in choice) return choice.name;
  const name = fillTemplate(choice.template, workload, clusterName);
  const problem = nameProblem(name);
  if (!problem) return name;
  throw cannotGenerate(
    workload,
    `${JSON.stringify(name)} is no name of an AppProject: ${problem}`,
    "Choose another --project-template, or a --project",
  );
}
