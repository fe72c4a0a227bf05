import type { Application } from "../../argo/application.js";
import { applicationFor } from "../../argo/application-for.js";
import type { ArgoFinding, EngineChoice } from "../../argo/engine.js";
import { objectionTo } from "../../argo/existing.js";
import { readsWorkloadName } from "../../argo/image.js";
import { type Warning, warningsFor } from "../../argo/warnings.js";
import { UserError } from "../../errors.js";
import type { Location } from "../../flux/location.js";
import { variablesIn, variablesInSource } from "../../flux/variables.js";
import { renderWorkload, type Workload } from "../../flux/workload.js";
import type { KubeObject } from "../../kube/object.js";
import { labelValueProblem, nameProblem } from "../../text/names.js";
import type { Existing } from "./find-existing.js";
import type { Located } from "./locate-all.js";
import type { Request } from "./request.js";
import { fillTemplate } from "./template.js";

/** Everything about the cluster that the Applications depend on. */
export interface Target {
  argo: ArgoFinding;
  /** for Applications that are not there yet */
  choice: EngineChoice;
  existing: Existing;
  /** where Applications live (`-N`) */
  namespace: string;
  labelTracking: boolean;
  /** the file that a source came from */
  fileOf(source: KubeObject): string | undefined;
}

/** One Application that is to be, or why it is not. */
export type Planned =
  | { name: string; workload: Workload; application: Application; warnings: Warning[] }
  | Refused;

export interface Refused {
  name: string;
  workload: Workload;
  failure: UserError;
}

/** Argo CD writes an Application's name into label values. */
const longestName = 63;

/**
 * What is to become of each workload: an Application, or the reason why it gets none. Names are compared before the
 * first Application is made, so that of two which collide neither is written.
 */
export function* planApplications(
  all: readonly Located[],
  request: Request,
  target: Target,
): Generator<Planned> {
  const namesakes = namesakesAmong(all, request);
  for (const located of all) {
    const { workload } = located;
    const name = nameFor(workload, request);
    if ("failure" in located) yield { ...located, name };
    else {
      const others = namesakes.get(name)?.filter((other) => other !== workload) ?? [];
      yield planOne(workload, located.location, name, others, request, target);
    }
  }
}

/** The workloads whose Applications would have the same name, by that name; most runs have none. */
function namesakesAmong(all: readonly Located[], request: Request): Map<string, Workload[]> {
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

/** Which engine the Applications get and why, in one line. Those that are there already keep theirs. */
export function engineLine(all: readonly Located[], request: Request, { choice, existing }: Target): string {
  const mayKeep = request.engine === "auto" && existing.size > 0;
  const known = mayKeep ? all.map(({ workload }) => existing.get(nameFor(workload, request))) : [];
  const kept = known.filter((application) => application?.generated && application.engine !== choice.engine);
  const chosen = `Engine ${choice.engine}: ${choice.because}`;
  const [first] = kept;
  if (!first) return chosen;
  if (kept.length < all.length)
    return `${chosen}; ${kept.length} of ${all.length} Applications keep ${first.engine}`;
  const those = all.length === 1 ? `the Application ${first.name} has` : "the Applications have";
  return `Engine ${first.engine}: ${those} it already`;
}

function planOne(
  workload: Workload,
  location: Location,
  name: string,
  namesakes: Workload[],
  request: Request,
  target: Target,
): Planned {
  try {
    checkName(workload, name, namesakes, request);
    const engine = engineFor(name, workload, request, target);
    if (engine === "fsa") checkLookup(workload, name, request, target.argo);
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
    const warnings = [
      ...warningsFor(workload, location, { engine, argo, appName: name, labelTracking }),
      ...variableWarnings(workload, location, target.fileOf),
    ];
    return { name, workload, application, warnings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, workload, failure: error };
  }
}

function nameFor(workload: Workload, { naming, clusterName }: Request): string {
  if (naming === "workload") return workload.name;
  return "appName" in naming ? naming.appName : fillTemplate(naming.template, workload, clusterName);
}

function checkName(workload: Workload, name: string, namesakes: Workload[], request: Request): void {
  const cannot = `Cannot generate an Application for ${renderWorkload(workload)}`;
  const single = request.naming === "workload" || "appName" in request.naming;
  const way = single ? "Choose a name with --app-name" : `Choose other names with --name-template, such as`;
  if (namesakes.length > 0) {
    const others = namesakes.slice(0, 3).map(renderWorkload).join(", ");
    throw new UserError(`${cannot}: its name ${name} would be that of ${others}, too`, {
      hint: `${way} '{namespace}.{name}.{kind}'`,
    });
  }
  // the name of a variable is replaced later, by whoever replaces it in the workload
  if (workload.file !== undefined && variablesIn(name).length > 0) return;
  const problem =
    name.length > longestName
      ? `it has ${name.length} characters, at most ${longestName} are allowed`
      : nameProblem(name);
  if (!problem) return;
  throw new UserError(`${cannot}: ${JSON.stringify(name)} is no name for it: ${problem}`, {
    hint: single ? way : `${way} '{name}-{kind}'`,
  });
}

/** An Application of flamingo keeps its engine; another one takes `--engine` and `--force`. */
function engineFor(name: string, workload: Workload, request: Request, target: Target) {
  const existing = target.existing.get(name);
  if (!existing) return target.choice.engine;
  const writes = request.action.do === "apply" || request.action.do === "diff";
  if (writes && !request.force) {
    const objection = objectionTo(existing, workload, request.server);
    if (objection) {
      throw new UserError(
        `Cannot overwrite the Application ${name} in ${target.namespace} with one for ${renderWorkload(workload)}: ${objection}`,
        { hint: "Choose another --app-name or --name-template, or add --force to overwrite it" },
      );
    }
  }
  if (!existing.generated) return target.choice.engine;
  if (request.engine === "auto") return existing.engine;
  if (request.engine !== existing.engine && writes && !request.force) {
    throw new UserError(
      `Cannot change the engine of the Application ${name} in ${target.namespace} from ${existing.engine} to ${request.engine}`,
      { hint: `Leave --engine out to keep ${existing.engine}, or add --force` },
    );
  }
  return request.engine;
}

/** An fl image must be able to find the workload from the Application: by its label, or by the same name. */
function checkLookup(workload: Workload, name: string, request: Request, argo: ArgoFinding): void {
  if (name === workload.name) return;
  const image = argo.found === "image" && argo.image.flavour === "fl" ? argo.image : undefined;
  const tooOld = image && !readsWorkloadName(image);
  if (!tooOld && !labelValueProblem(workload.name)) return;
  const why = tooOld
    ? `the FSA image ${image.image} does not read the label flamingo/workload-name`
    : "its name is too long for the label flamingo/workload-name";
  throw new UserError(
    `Cannot generate the Application ${name} for ${renderWorkload(workload)}: ${why}, so it would look for a ${workload.kind} named ${name}`,
    {
      hint:
        request.naming === "workload" || "appName" in request.naming
          ? `Name it like the workload: --app-name ${workload.name}`
          : "Name them like the workloads: --name-template '{name}'",
    },
  );
}

function projectFor(workload: Workload, { project, clusterName }: Request): string {
  if ("name" in project) return project.name;
  const name = fillTemplate(project.template, workload, clusterName);
  const problem = nameProblem(name);
  if (!problem) return name;
  throw new UserError(
    `Cannot generate an Application for ${renderWorkload(workload)}: ${JSON.stringify(name)} is no name of an AppProject: ${problem}`,
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
