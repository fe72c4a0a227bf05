import type { Engine } from "../../argo/application.js";
import type { ArgoFinding } from "../../argo/engine.js";
import { objectionTo } from "../../argo/existing.js";
import { readsWorkloadName } from "../../argo/image.js";
import { UserError } from "../../errors.js";
import { renderWorkload, type Workload } from "../../flux/workload.js";
import { labelValueProblem } from "../../text/names.js";
import { isSingleName, nameFor } from "./application-name.js";
import type { Target } from "./plan.js";
import type { Request } from "./request.js";

/** Which engine the Applications get and why, in one line. Those that are there already keep theirs. */
export function engineLine(
  all: readonly { workload: Workload }[],
  request: Request,
  { choice, existing }: Target,
): string {
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
  const noLabel = labelValueProblem(workload.name) !== undefined;
  if (!tooOld && !noLabel) return;
  const why = tooOld
    ? `the FSA image ${image.image} does not read the label flamingo/workload-name`
    : "its name is no value for the label flamingo/workload-name";
  throw new UserError(
    `Cannot generate the Application ${name} for ${renderWorkload(workload)}: ${why}, so it would look for a ${workload.kind} named ${name}`,
    {
      hint: noLabel
        ? "No name works for it with an FSA image: add --engine loopback"
        : lookupHint(workload, request),
    },
  );
}

function lookupHint({ name }: Workload, request: Request): string {
  return isSingleName(request)
    ? `Name it like the workload: --app-name ${name}`
    : "Name them like the workloads: --name-template '{name}'";
}
