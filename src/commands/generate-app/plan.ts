import { bearersByName, checkName, type Naming, nameFor } from "../../applications/names.js";
import type { Engine } from "../../argo/application.js";
import { applicationFor, type GeneratedApplication } from "../../argo/application-for.js";
import type { ArgoFinding } from "../../argo/engine.js";
import { fillTemplate } from "../../argo/name-template.js";
import { type Warning, warningsFor } from "../../argo/warnings.js";
import { UserError } from "../../errors.js";
import type { Location } from "../../flux/location.js";
import { variablesIn, variablesInSource } from "../../flux/variables.js";
import type { Workload } from "../../flux/workload.js";
import type { KubeObject } from "../../kube/object.js";
import { renderId } from "../../kube/object-id.js";
import { nameProblem } from "../../text/names.js";
import type { Located } from "../../workloads/locate.js";
import { engineFor } from "./engine-for.js";
import type { Engines } from "./engines.js";
import type { Existing } from "./find-existing.js";
import type { Request } from "./request.js";

/** Everything about the cluster that the Applications depend on. */
export interface Target {
  argo: ArgoFinding;
  /** for Applications that are not there yet */
  engines: Engines;
  existing: Existing;
  /** where Applications live (`-N`) */
  namespace: string;
  labelTracking: boolean;
  /** the file that a source came from */
  fileOf(source: KubeObject): string | undefined;
}

/** One Application that is to be, or why it is not. */
export type Planned =
  | {
      name: string;
      workload: Workload;
      engine: Engine;
      application: GeneratedApplication;
      warnings: Warning[];
    }
  | Refused;

export interface Refused {
  name: string;
  workload: Workload;
  failure: UserError;
}

/**
 * What is to become of each workload: an Application, or the reason why it gets none. Names are compared before the
 * first Application is made, so that of two which collide neither is written.
 */
export function* planApplications(
  all: readonly Located[],
  request: Request,
  target: Target,
): Generator<Planned> {
  const bearers = bearersByName(
    all.map(({ workload }) => workload),
    request.naming,
  );
  for (const located of all) {
    const { workload } = located;
    const name = nameFor(workload, request.naming);
    if ("failure" in located) yield { ...located, name };
    else yield planOne(workload, located.location, name, bearers.get(name) ?? [], request, target);
  }
}

function planOne(
  workload: Workload,
  location: Location,
  name: string,
  bearers: readonly Workload[],
  request: Request,
  target: Target,
): Planned {
  try {
    checkName(workload, name, bearers, nameHint(request.naming));
    const engine = engineFor(name, workload, request, target);
    const application = applicationFor(workload, location, {
      name,
      namespace: target.namespace,
      engine,
      project: projectFor(workload, request),
      server: request.server,
      clusterName: request.clusterName,
      labels: request.labels,
      annotations: request.annotations,
      cascade: request.cascade,
    });
    const { argo, labelTracking } = target;
    const outlook = target.engines.outlookFor(workload);
    const warnings = [
      ...warningsFor(workload, location, { engine, argo, outlook, appName: name, labelTracking }),
      ...variableWarnings(workload, location, target.fileOf),
    ];
    return { name, workload, engine, application, warnings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, workload, failure: error };
  }
}

function nameHint(naming: Naming): string {
  return "appName" in naming
    ? "Choose a name with --app-name"
    : "Choose other names with --name-template, such as '{name}-{kind}'";
}

function projectFor(workload: Workload, { project, clusterName }: Request): string {
  if ("name" in project) return project.name;
  const name = fillTemplate(project.template, workload, clusterName);
  const problem = nameProblem(name);
  if (!problem) return name;
  throw new UserError(
    `Cannot generate an Application for ${renderId(workload)}: ${JSON.stringify(name)} is no name of an AppProject: ${problem}`,
    { hint: "Choose another --project-template, or a --project" },
  );
}

function variableWarnings(workload: Workload, { sources }: Location, fileOf: Target["fileOf"]): Warning[] {
  if (workload.file === undefined) return [];
  const { namespace, name, source, path, chart, releaseName, targetNamespace } = workload;
  const texts = [
    namespace,
    name,
    ...Object.values(source),
    path,
    chart?.name,
    chart?.version,
    releaseName,
    targetNamespace,
  ];
  return [
    ...variablesIn(...texts).map((variable) => unresolved(variable, workload.file)),
    ...sources.flatMap((object) =>
      variablesInSource(object).map((variable) => unresolved(variable, fileOf(object))),
    ),
  ];
}

function unresolved(variable: string, file: string | undefined): Warning {
  return {
    id: `variable-${variable}-${file}`,
    text: `${variable} in ${file} is not resolved; the text is kept as it stands`,
  };
}
