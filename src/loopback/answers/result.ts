import type { OperationState } from "../../argo/application.js";
import { isFetched } from "../../flux/source-chain.js";
import { lastVerdictOf } from "../../flux/state.js";
import { idleBecause } from "../../flux/suspension.js";
import type { FluxWorkload } from "../../flux/workload.js";
import { idOf, renderId } from "../../kube/object-id.js";
import { syncResultOf } from "../../report/operation.js";
import { permittedContent, type Situation } from "./situation.js";

/** What a Sync came to, when Flux is done with the workload. */
export function resultOf(
  situation: Situation,
  workload: FluxWorkload,
  reply: { is: "done" | "failed" | "waiting"; message: string },
): Pick<OperationState, "phase" | "message" | "syncResult"> {
  const { application, applied, permitted } = situation;
  const phase = reply.is === "done" ? "Succeeded" : "Failed";
  // of a release that was rolled back Flux says more than in Ready
  const verdict = lastVerdictOf(workload);
  const { message } = verdict.is === "failed" ? verdict : reply;
  const subject = { application, workload, content: permittedContent(situation), applied, permitted };
  const syncResult = syncResultOf(subject, phase, message);
  const remarks = [message, ...unaskedSources(situation)].filter((text) => text !== "").join("; ");
  return { phase, ...(remarks ? { message: remarks } : {}), ...(syncResult ? { syncResult } : {}) };
}

/** Which sources were left as they are, and why, for those who wonder about the result. */
export function unaskedSources({ chain, permitted }: Situation): string[] {
  const remarks = chain.links
    .map(({ object }) => object)
    .filter((object) => isFetched(object))
    .flatMap((object) => {
      if (!permitted(idOf(object))) return ["a source that the AppProject does not permit was not fetched"];
      const because = idleBecause(object);
      return because === undefined ? [] : [`${renderId(idOf(object))} ${because} and was not fetched`];
    });
  return [...new Set(remarks)];
}
