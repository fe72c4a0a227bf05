import { fetchingOf } from "../../flux/fetching.js";
import { replyOf } from "../../flux/reply.js";
import { attemptedRevision, hasApplied, wantedRevision } from "../../flux/revision.js";
import { sourcesToAsk } from "../../flux/source-chain.js";
import type { FluxWorkload } from "../../flux/workload.js";
import { idOf, keyOf, renderId } from "../../kube/object-id.js";
import { deciderOf, foreignRevision, rollbackRevision } from "./asked-revision.js";
import { ask, end, type Move, tell, type Underway } from "./moves.js";
import { isUnknown, obstacleTo } from "./obstacle.js";
import { progressOf, type RequestedOperation, type RequestedSync } from "./operation.js";
import { resultOf, unaskedSources } from "./result.js";
import { permittedContent, type Situation } from "./situation.js";

/**
 * The next move of a Sync: Flux is asked to fetch the sources, each before those that are made from it, then to reconcile the
 * workload; its result is the result of the Sync. All that must be known on the way is in the Application and in the Flux
 * objects. There is no deadline: people can terminate it, and Flux has its own.
 */
export function syncMove(situation: Situation, operation: RequestedOperation): Move | undefined {
  const { application, workload, now } = situation;
  const { sync } = operation;
  if (!sync) return end(situation, { phase: "Error", message: "The operation does not say what to do" });
  const known = progressOf(application.status?.operationState);
  if (known && isUnknown(situation)) return undefined;
  const atFirst = () => situation.closed ?? rollback(situation, sync);
  const obstacle = obstacleTo(situation, sync) ?? (known ? undefined : atFirst());
  if (obstacle !== undefined || !workload)
    return end(situation, { phase: "Failed", message: obstacle ?? "" });
  const progress = known ?? { token: now.toISOString(), asked: new Map() };
  const isAsked = progress.asked.has(keyOf(idOf(workload)));
  const underway = { situation, operation, progress };
  const fetching = isAsked ? undefined : fetchSources(underway);
  if (fetching) return fetching === "waiting" ? undefined : fetching;
  return reconcileWorkload(underway, workload, isAsked ? undefined : foreign(situation, sync));
}

/** Undefined when they are all fetched. */
function fetchSources(underway: Underway): Move | "waiting" | undefined {
  const { situation, progress } = underway;
  const fetching = fetchingOf(sourcesToAsk(situation.chain, situation.permitted), progress);
  switch (fetching.is) {
    case "fetched":
      return undefined;
    case "due":
      return ask(underway, fetching.objects);
    case "awaited":
      return "waiting";
    // who asked is told: nothing stays Running that waits for others
    case "waiting":
    case "failed":
      return end(situation, {
        phase: "Failed",
        message: `${renderId(idOf(fetching.source))} failed: ${fetching.message}`,
      });
  }
}

function reconcileWorkload(
  underway: Underway,
  workload: FluxWorkload,
  obstacle: string | undefined,
): Move | undefined {
  const { situation, progress } = underway;
  if (obstacle !== undefined) return end(situation, { phase: "Failed", message: obstacle });
  const reply = replyOf(workload, progress);
  switch (reply.is) {
    case "unasked":
      return ask(underway, [workload]);
    case "awaited":
      return reply.message === undefined ? undefined : tell(situation, workload, reply.message);
    case "done":
      return isOvertaken(situation, workload)
        ? undefined
        : end(situation, resultOf(situation, workload, reply));
    // who asked is told: nothing stays Running that waits for others
    case "waiting":
    case "failed":
      return end(situation, resultOf(situation, workload, reply));
  }
}

/** A controller may see a source as it was a moment before; it comes back to it at once. */
function isOvertaken(situation: Situation, workload: FluxWorkload): boolean {
  const { application, chain } = situation;
  const awaited = application.status?.operationState?.syncResult?.revision;
  return (
    hasApplied(workload, chain.content) === false &&
    attemptedRevision(workload, permittedContent(situation)) !== awaited
  );
}

function rollback(situation: Situation, sync: RequestedSync): string | undefined {
  const revision = rollbackRevision(sync, situation);
  if (revision === undefined) return undefined;
  const { what, change } = deciderOf(situation);
  const why = `Cannot roll back to ${revision}: which revision Flux applies is decided by ${what}`;
  return [why, ...change].join("; ");
}

function foreign(situation: Situation, sync: RequestedSync): string | undefined {
  const revision = foreignRevision(sync, situation);
  if (revision === undefined || !situation.workload) return undefined;
  const held = wantedRevision(situation.workload, permittedContent(situation));
  const has = held === undefined ? "Flux does not hold it" : `Flux holds ${held}`;
  const { what, change } = deciderOf(situation);
  const why = `which revision it applies is decided by ${what}`;
  return [`Cannot sync to ${revision}: ${has}`, why, ...unaskedSources(situation), ...change].join("; ");
}
