import { checkTemplate } from "../argo/name-template.js";
import type { ProjectChoice } from "../argo/project-choice.js";
import { usageError } from "../errors.js";
import { nameProblem } from "../text/names.js";
import { type OptionsOf, text } from "./flag.js";

/**
 * The flags that choose AppProjects.
 *
 * @param when how their descriptions begin: "with --auto: "
 */
export function projectFlags(when = "") {
  return {
    project: text("--project <name>", `${when}AppProject of the Applications (default default)`),
    projectTemplate: text(
      "--project-template <template>",
      `${when}AppProject by workload, such as '{namespace}'`,
    ),
  };
}

/** @throws UserError with exit code 2 for both flags, for what is no name, and for a template without our placeholders */
export function projectFrom({
  project,
  projectTemplate,
}: OptionsOf<ReturnType<typeof projectFlags>>): ProjectChoice {
  if (projectTemplate !== undefined) {
    if (project !== undefined)
      throw usageError("--project and --project-template do not go together", "Give one of them");
    return { template: checkTemplate("--project-template", projectTemplate) };
  }
  if (project === undefined) return { name: "default" };
  const problem = nameProblem(project);
  if (problem) throw usageError(`--project ${JSON.stringify(project)} is no name: ${problem}`);
  return { name: project };
}
