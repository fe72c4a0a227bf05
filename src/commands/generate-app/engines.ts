import { type ArgoFinding, chooseEngine, type EngineChoice, type NoEngine } from "../../argo/engine.js";
import type { Workload } from "../../flux/workload.js";
import type { Kube } from "../../kube/reader.js";
import { combinationOf } from "../../support-matrix/combination.js";
import type { Outlook } from "../../support-matrix/outlook.js";
import type { Request } from "./request.js";

/** The engine of each new Application: one for all, or one for each kind of workload and source. */
export interface Engines {
  choiceFor(workload: Workload): EngineChoice | NoEngine;
  /** What the running FSA image shows of it; undefined where none runs, or it was not looked at. */
  outlookFor(workload: Workload): Outlook | undefined;
  /** Whether any of them may be `fsa`. */
  mayBeFsa: boolean;
}

type Wanted = Pick<Request, "engine" | "force">;

/** Engines that need no look at what this Flux serves: the same choice for all. */
export function sameForAll(choice: EngineChoice): Engines {
  return {
    choiceFor: () => choice,
    outlookFor: () => undefined,
    mayBeFsa: choice.engine === "fsa",
  };
}

/**
 * Asks the support matrix and the cluster's discovery only where an answer depends on them.
 *
 * @throws UserError where no engine is known to work for any workload
 */
export async function enginesFor({ engine, force }: Wanted, argo: ArgoFinding, kube: Kube): Promise<Engines> {
  const choice = chooseEngine(engine, argo, force);
  const runsFsa = argo.found === "image" && argo.image.flavour === "fl";
  if (typeof choice !== "function" && !runsFsa) return sameForAll(choice);
  const outlookFor = await outlooks(argo, kube);
  return {
    choiceFor:
      typeof choice === "function" ? remembered((workload) => choice(outlookFor(workload))) : () => choice,
    outlookFor: runsFsa ? outlookFor : () => undefined,
    mayBeFsa: engine !== "loopback",
  };
}

async function outlooks(argo: ArgoFinding, kube: Kube): Promise<(workload: Workload) => Outlook> {
  const { ownMatrix } = await import("../../support-matrix/read-matrix.js");
  const { outlookOfInstall, outlookOfRunning } = await import("../../support-matrix/outlook.js");
  const { readFluxApis } = await import("../../support-matrix/flux-apis.js");
  const matrix = ownMatrix();
  const apis = await readFluxApis(kube);
  if (argo.found !== "image") {
    const outlook = outlookOfInstall(matrix, apis);
    return () => outlook;
  }
  const { image } = argo.image;
  return remembered((workload: Workload) => outlookOfRunning(matrix, image, apis, combinationOf(workload)));
}

/** One answer for all workloads of the same kind and source kind. */
function remembered<T>(answer: (workload: Workload) => T): (workload: Workload) => T {
  const known = new Map<string, T>();
  return (workload) => {
    const { kind, source, byChartRef } = workload;
    const key = `${kind}|${source.kind}|${byChartRef}`;
    const found = known.get(key) ?? answer(workload);
    known.set(key, found);
    return found;
  };
}
