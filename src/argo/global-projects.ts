/**
 * AppProjects that count for Applications of others: `globalProjects` of argocd-cm. Merged as Argo CD merges them (util/argo
 * `GetAppVirtualProject`, 2.8 to 3.6).
 */
import { labelSelectorFrom } from "../kube/label-selector.js";
import type { AppProject } from "./app-project.js";

/** An AppProject, and for those of which labels it counts; a selector that is not there means all. */
export interface GlobalProject {
  projectName: string;
  labelSelector?: object;
}

/** Whether that is one that can be read. */
export function isGlobalProject(item: unknown): item is GlobalProject {
  if (typeof item !== "object" || item === null) return false;
  const { projectName, labelSelector = {} } = item as Record<string, unknown>;
  return typeof projectName === "string" && labelSelectorFrom(labelSelector) !== undefined;
}

/** The names of those that count for Applications of an AppProject. */
export function globalProjectsOf({ metadata }: AppProject, settings: readonly GlobalProject[]): string[] {
  const { name, labels = {} } = metadata;
  return settings
    .filter(({ projectName }) => projectName !== name)
    .filter(({ labelSelector = {} }) => labelSelectorFrom(labelSelector)?.(labels))
    .map(({ projectName }) => projectName);
}

/**
 * What an AppProject permits and forbids together with those that count for its Applications: all of their lists, one after the
 * other.
 *
 * @param projects by name; after one that does not exist, Argo CD looks at no further one
 */
export function withGlobalProjects(
  project: AppProject,
  projects: ReadonlyMap<string, AppProject>,
  settings: readonly GlobalProject[],
): AppProject {
  const spec = { ...project.spec };
  for (const name of globalProjectsOf(project, settings)) {
    const global = projects.get(name);
    if (!global) break;
    for (const list of mergedLists) {
      const added: readonly object[] | readonly string[] = global.spec?.[list] ?? [];
      if (added.length > 0) Object.assign(spec, { [list]: [...(spec[list] ?? []), ...added] });
    }
  }
  return { ...project, spec };
}

const mergedLists = [
  "sourceRepos",
  "destinations",
  "clusterResourceWhitelist",
  "clusterResourceBlacklist",
  "namespaceResourceWhitelist",
  "namespaceResourceBlacklist",
  "syncWindows",
] as const satisfies readonly (keyof NonNullable<AppProject["spec"]>)[];
