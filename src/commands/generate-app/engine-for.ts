import { nameFor } from "../../applications/names.js";
import type { Application, Engine } from "../../argo/application.js";
import type { ArgoFinding } from "../../argo/engine.js";
import { objectionTo } from "../../argo/existing.js";
import { engineOf, isGenerated } from "../../argo/generated.js";
import { readsWorkloadName } from "../../argo/image.js";
import { UserError } from "../../errors.js";
import type { Workload } from "../../flux/workload.js";
import { renderId } from "../../kube/object-id.js";
import { labelValueProblem } from "../../text/names.js";
import type { Target } from "./plan.js";
import type { Request } from "./request.js";

/** Which engines the Applications get and why, a line each. Those that are there already keep theirs. */
export function engineLines(
  all: readonly { workload: Workload }[],
  request: Request,
  target: Target,
): string[] {
  const groups = new Map<string, { engine: Engine; because: string | undefined; names: string[] }>();
  for (const { workload } of all) {
    const name = nameFor(workload, request.naming);
    const found = engineTold(name, workload, request, target);
    if (!found) continue;
    const key = `${found.engine}|${found.because}`;
    const group = groups.get(key) ?? { ...found, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ engine, because, names }) => {
    const some = groups.size > 1 ? ` for ${names.length} of ${all.length} Applications` : "";
    return `Engine ${engine}${some}: ${because ?? theyHaveIt(names)}`;
  });
}

function theyHaveIt([name, second]: readonly string[]): string {
  return second === undefined ? `the Application ${name} has it already` : "the Applications have it already";
}

/** Without a reason: it is there with that engine. Undefined where none is known to work: that is said with the workload. */
function engineTold(
  name: string,
  workload: Workload,
  request: Request,
  { engines, existing }: Target,
): { engine: Engine; because: string | undefined } | undefined {
  const there = request.engine === "auto" ? existing.get(name) : undefined;
  const has = there && ownEngine(there);
  const kept = has && { engine: has, because: undefined };
  const choice = engines.choiceFor(workload);
  if (choice.engine === undefined) return kept;
  return kept && kept.engine !== choice.engine ? kept : choice;
}

/**
 * The engine of one Application. One that flamingo made keeps its own; another one takes `--engine` and `--force`.
 *
 * @throws UserError when the Application that is there must not be overwritten, or an fl image would not find the workload
 */
export function engineFor(name: string, workload: Workload, request: Request, target: Target): Engine {
  const engine = keptOrChosen(name, workload, request, target);
  if (engine === "fsa") checkLookup(workload, name, request, target.argo);
  return engine;
}

function keptOrChosen(name: string, workload: Workload, request: Request, target: Target): Engine {
  const existing = target.existing.get(name);
  if (!existing) return chosenFor(workload, target);
  const writes = request.action.do === "apply" || request.action.do === "diff";
  if (writes && !request.force) {
    const objection = objectionTo(existing, workload, request.server);
    if (objection) {
      throw new UserError(
        `Cannot overwrite the Application ${name} in ${target.namespace} with one for ${renderId(workload)}: ${objection}`,
        { hint: "Choose another --app-name or --name-template, or add --force to overwrite it" },
      );
    }
  }
  const has = ownEngine(existing);
  if (has === undefined) return chosenFor(workload, target);
  if (request.engine === "auto") return has;
  if (request.engine !== has && writes && !request.force) {
    throw new UserError(
      `Cannot change the engine of the Application ${name} in ${target.namespace} from ${has} to ${request.engine}`,
      { hint: `Leave --engine out to keep ${has}, or add --force` },
    );
  }
  return request.engine;
}

/** The engine that an Application got from flamingo. */
function ownEngine(existing: Application): Engine | undefined {
  return isGenerated(existing) ? engineOf(existing) : undefined;
}

function chosenFor(workload: Workload, { engines }: Target): Engine {
  const choice = engines.choiceFor(workload);
  if (choice.engine !== undefined) return choice.engine;
  const { cannot, because, hint } = choice;
  throw new UserError(`Cannot ${cannot} for ${renderId(workload)}: ${because}`, { hint });
}

/** An fl image must be able to find the workload from the Application: by its label, or by the same name. */
function checkLookup(workload: Workload, name: string, request: Request, argo: ArgoFinding): void {
  if (name === workload.name) return;
  const image = argo.found === "image" && argo.image.flavour === "fl" ? argo.image : undefined;
  const tooOld = image && !readsWorkloadName(image);
  const noLabel = labelValueProblem(workload.name) !== undefined;
  if (!tooOld && !noLabel) return;
  const why = tooOld
    ? `the FSA image ${image.image} does not read the label flamingo/workload-name`
    : "its name is no value for the label flamingo/workload-name";
  throw new UserError(
    `Cannot generate the Application ${name} for ${renderId(workload)}: ${why}, so it would look for a ${workload.kind} named ${name}`,
    {
      hint: noLabel
        ? "No name works for it with an FSA image: add --engine loopback"
        : lookupHint(workload, request),
    },
  );
}

function lookupHint({ name }: Workload, request: Request): string {
  return "appName" in request.naming
    ? `Name it like the workload: --app-name ${name}`
    : "Name them like the workloads: --name-template '{name}'";
}
