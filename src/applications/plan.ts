import type { Engine } from "../argo/application.js";
import {
  type ApplicationSettings,
  applicationFor,
  type GeneratedApplication,
} from "../argo/application-for.js";
import { releaseOf } from "../argo/engine.js";
import { type ProjectChoice, projectFor } from "../argo/project-choice.js";
import { type Warning, warningsFor } from "../argo/warnings.js";
import { UserError } from "../errors.js";
import type { Workload } from "../flux/workload.js";
import type { Located, UnresolvedVariable } from "../workloads/locate.js";
import { checkLookup, engineFor } from "./engine-for.js";
import type { EngineWish } from "./engines.js";
import { checkOverwriting } from "./existing.js";
import { bearersByName, checkName, type Naming, nameFor } from "./names.js";
import type { Target } from "./target.js";

/** What Applications are to be like, beside what their workloads say. */
export interface ApplicationWish
  extends EngineWish,
    Pick<ApplicationSettings, "server" | "clusterName" | "labels" | "annotations" | "cascade"> {
  naming: Naming;
  project: ProjectChoice;
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
  wish: ApplicationWish,
  target: Target,
): Generator<Planned> {
  const bearers = bearersByName(
    all.map(({ workload }) => workload),
    wish.naming,
  );
  for (const located of all) {
    const name = nameFor(located.workload, wish.naming);
    if ("failure" in located) yield { ...located, name };
    else yield planOne(located, name, bearers.get(name) ?? [], wish, target);
  }
}

function planOne(
  { workload, location, unresolved }: Exclude<Located, { failure: UserError }>,
  name: string,
  bearers: readonly Workload[],
  wish: ApplicationWish,
  target: Target,
): Planned {
  const { namespace, argo, engines, labelTracking } = target;
  const { naming, server, clusterName, labels, annotations, cascade } = wish;
  try {
    checkName(workload, name, bearers, nameHint);
    if (wish.writes && !wish.force) checkOverwriting(workload, name, server, target);
    const engine = engineFor(workload, name, wish, target);
    if (engine === "fsa") checkLookup(workload, name, naming, argo);
    const project = projectFor(workload, wish.project, clusterName);
    const settings = { name, namespace, engine, project, server, clusterName, labels, annotations, cascade };
    const application = applicationFor(workload, location, { ...settings, release: releaseOf(argo) });
    const outlook = engines.outlookFor(workload);
    const warnings = [
      ...warningsFor(workload, location, { engine, argo, outlook, appName: name, labelTracking }),
      ...unresolved.map(variableWarning),
    ];
    return { name, workload, engine, application, warnings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, workload, failure: error };
  }
}

/** The name of a single one, typed or its workload's, was checked when it was read. */
const nameHint = "Choose other names with --name-template, such as '{name}-{kind}'";

function variableWarning({ variable, file }: UnresolvedVariable): Warning {
  return {
    id: `variable-${variable}-${file}`,
    text: `${variable} in ${file} is not resolved; the text is kept as it stands`,
  };
}
