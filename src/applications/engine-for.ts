import type { Engine } from "../argo/application.js";
import type { ArgoFinding } from "../argo/engine.js";
import { readsWorkloadName } from "../argo/image.js";
import { errorAbout, UserError } from "../errors.js";
import { isToolkitKind, type Workload } from "../flux/workload.js";
import { renderId } from "../kube/object-id.js";
import { labelValueProblem } from "../text/names.js";
import type { EngineWish } from "./engines.js";
import { ownEngine } from "./existing.js";
import type { Naming } from "./names.js";
import type { Target } from "./target.js";

/**
 * The engine of one Application. One that flamingo made keeps its own, unless that shows no workload of this kind; another one takes
 * `--engine` and `--force`.
 *
 * @throws UserError when no engine is known to work, or the one that works must not replace the one that is there
 */
export function engineFor(workload: Workload, name: string, wish: EngineWish, target: Target): Engine {
  const existing = target.existing.get(name);
  const own = existing && ownEngine(existing);
  if (own === undefined || !isToolkitKind(workload.kind)) return chosenFor(workload, target);
  if (wish.engine === "auto") return own;
  if (wish.engine !== own && wish.writes && !wish.force) {
    const change = `in ${target.namespace} from ${own} to ${wish.engine}`;
    throw new UserError(`Cannot change the engine of the Application ${name} ${change}`, {
      hint: `Leave --engine out to keep ${own}, or add --force`,
      alike: {
        cause: `engine ${change}`,
        subject: name,
        sentence: (names) => `Cannot change the engine of the Applications ${names} ${change}`,
      },
    });
  }
  return wish.engine;
}

function chosenFor(workload: Workload, { engines }: Target): Engine {
  const choice = engines.choiceFor(workload);
  if (choice.engine !== undefined) return choice.engine;
  const { cannot, because, hint } = choice;
  throw errorAbout(renderId(workload), (subjects) => `Cannot ${cannot} for ${subjects}: ${because}`, hint);
}

/**
 * An fl image must be able to find the workload from the Application: by its label, or by the same name.
 *
 * @throws UserError when it could not
 */
export function checkLookup(workload: Workload, name: string, naming: Naming, argo: ArgoFinding): void {
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
        : "appName" in naming
          ? `Name it like the workload: --app-name ${workload.name}`
          : "Name them like the workloads: --name-template '{name}'",
    },
  );
}
