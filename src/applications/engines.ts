import type { Engine } from "../argo/application.js";
import { type ArgoFinding, chooseEngine, type EngineChoice, type NoEngine } from "../argo/engine.js";
import { isToolkitKind, type Workload } from "../flux/workload.js";
import { remembered } from "../remembered.js";
import { combinationOf } from "../support-matrix/combination.js";
import type { FluxApis } from "../support-matrix/flux-apis.js";
import type { Outlook } from "../support-matrix/outlook.js";
import { ownMatrix } from "../support-matrix/read-matrix.js";

/** Which engine is asked for, and how firmly. */
export interface EngineWish {
  engine: "auto" | Engine;
  /** also where it is unproven, or an Application is there already that shows something else */
  force: boolean;
  /** they are applied to the cluster, or compared with it: there some may be already */
  writes: boolean;
}

/** The engine of each new Application: one for all, or one for each kind of workload and source. */
export interface Engines {
  choiceFor(workload: Workload): EngineChoice | NoEngine;
  /** What the running FSA image shows of it; undefined where none runs, or it was not looked at. */
  outlookFor(workload: Workload): Outlook | undefined;
  /** Whether any of them may be `fsa`. */
  mayBeFsa: boolean;
}

/** The same choice for all workloads. */
export function sameForAll(choice: EngineChoice | NoEngine): Engines {
  return {
    choiceFor: () => choice,
    outlookFor: () => undefined,
    mayBeFsa: choice.engine === "fsa",
  };
}

/**
 * Asks the support matrix and the cluster's discovery only where an answer depends on them.
 *
 * @param readApis what the cluster serves of Flux
 * @throws UserError where no engine is known to work for any workload
 */
export async function enginesFor(
  { engine, force }: EngineWish,
  argo: ArgoFinding,
  readApis: () => Promise<FluxApis>,
): Promise<Engines> {
  const choice = chooseEngine(engine, argo, force);
  if (argo.found !== "image" || argo.image.flavour !== "fl") {
    if (typeof choice === "function") throw new TypeError("there is no FSA image to choose by");
    return sameForAll(choice);
  }
  const { outlookOfRunning } = await import("../support-matrix/outlook.js");
  const matrix = ownMatrix();
  const apis = await readApis();
  const { image } = argo.image;
  const outlookFor = remembered(
    sortOf,
    (workload): Outlook =>
      isToolkitKind(workload.kind)
        ? outlookOfRunning(matrix, image, apis, combinationOf(workload))
        : { shows: "nothing", because: `no FSA image shows a ${workload.kind}` },
  );
  const choiceFor = remembered(sortOf, (workload) => chosen(choice, outlookFor(workload)));
  return { choiceFor, outlookFor, mayBeFsa: engine !== "loopback" };
}

function chosen(choice: ReturnType<typeof chooseEngine>, outlook: Outlook): EngineChoice | NoEngine {
  return typeof choice === "function" ? choice(outlook) : choice;
}

/** The same for all workloads of one kind and source kind, which are shown alike. */
function sortOf({ kind, source, byChartRef }: Workload): string {
  return `${kind}|${source.kind}|${byChartRef}`;
}
