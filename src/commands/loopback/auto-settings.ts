import { checkTemplate, defaultNameTemplate } from "../../argo/name-template.js";
import { usageError } from "../../errors.js";
import { parseLabelSelector } from "../../kube/label-selector.js";
import type { AutoSettings } from "../../loopback/auto/known.js";
import type { Deps } from "../deps.js";
import { projectFrom } from "../project-flags.js";
import { filterFrom, firstGiven } from "../workload-flags.js";
import type { Options } from "./flags.js";

/**
 * Which workloads get Applications, their names and AppProjects; undefined without `--auto`.
 *
 * @throws UserError with exit code 2 for flags that mean nothing without it
 */
export function autoSettingsFrom(options: Options, deps: Pick<Deps, "namespaces">): AutoSettings | undefined {
  const { auto, nameTemplate, project, projectTemplate } = options;
  if (!auto) {
    const naming = {
      "--name-template": nameTemplate,
      "--project": project,
      "--project-template": projectTemplate,
    };
    const lonely =
      firstGiven(options) ?? Object.entries(naming).find(([, value]) => value !== undefined)?.[0];
    if (lonely === undefined) return undefined;
    throw usageError(
      `${lonely} goes with --auto`,
      "Without --auto, all Applications of this Argo CD are reported, and none is created",
    );
  }
  const { everywhere, kinds, labels } = filterFrom(options);
  const template =
    nameTemplate === undefined ? defaultNameTemplate : checkTemplate("--name-template", nameTemplate);
  const { namespaces } = deps;
  return {
    namespace: namespaces.app,
    selection: {
      namespace: everywhere ? undefined : namespaces.flux,
      kinds,
      labels: labels === undefined ? undefined : parseLabelSelector(labels),
    },
    template,
    project: projectFrom(options),
  };
}
