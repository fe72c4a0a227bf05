/** What is next for a workload that is to be reconciled, and when it is done, has failed or waits. Pure. */

import { fetchingOf } from "../flux/fetching.js";
import { lastHandled, type ReconcileRequest, replyOf } from "../flux/reply.js";
import { hasApplied, hasFailedBefore } from "../flux/revision.js";
import { sourcesToAsk } from "../flux/source-chain.js";
import { stateOf, type WorkloadState } from "../flux/state.js";
import { type FluxWorkload, typedRef } from "../flux/workload.js";
import type { MergePatch } from "../kube/kube.js";
import type { KubeObject, LiveObject } from "../kube/object.js";
import { idOf, keyOf, renderId } from "../kube/object-id.js";
import { requestAnnotation } from "../names.js";
import type { Sighting } from "./sighting.js";

/** How somebody wants workloads to be reconciled. */
export interface ReconcileWish {
  /** the sources first, each before those that are made from it */
  withSource: boolean;
  /** a HelmRelease is released again, whether anything has changed or not */
  force: boolean;
  /** a HelmRelease forgets how often it has failed */
  reset: boolean;
  /** otherwise everything is only asked, all at once */
  wait: boolean;
}

export interface Reconciling extends Omit<Sighting, "is"> {
  wish: ReconcileWish;
  request: ReconcileRequest;
}

export type ReconcileStep =
  | { is: "ask"; objects: LiveObject[] }
  /** it comes to its end by itself; `because` goes on after "it" */
  | { is: "waiting"; because: string; isSpent?: boolean }
  /** the message is undefined where nobody waits for one */
  | { is: "done"; message: string | undefined; isSpent?: boolean }
  | { is: "failed"; why: string; hint?: string; isSpent?: boolean };

/** What asks for it; force and reset mean something to a HelmRelease only. */
export function requestFor(
  { kind }: Pick<KubeObject, "kind">,
  token: string,
  { force, reset }: Pick<ReconcileWish, "force" | "reset">,
): MergePatch {
  const isRelease = kind === "HelmRelease";
  const annotations = {
    [requestAnnotation.reconcile]: token,
    ...(isRelease && force ? { [requestAnnotation.force]: token } : {}),
    ...(isRelease && reset ? { [requestAnnotation.reset]: token } : {}),
  };
  return { metadata: { annotations } };
}

/**
 * What is next. `isSpent` tells of a request that was handled without `--force` or `--reset` being heeded, and will not be
 * handled again: helm-controller takes them up together with `requestedAt`, and that it takes up while it waits, too.
 */
export function nextStep(reconciling: Reconciling): ReconcileStep {
  const { workload, chain, wish, request, isUnread } = reconciling;
  const state = stateOf(workload, chain, isUnread);
  if (state.is === "deleting") return { is: "failed", why: "it is being deleted" };
  if (state.is === "suspended")
    return {
      is: "failed",
      why: "it is suspended",
      hint: `Resume it first: flamingo resume ${typedRef({ ...workload.metadata, kind: workload.kind })}`,
    };
  if (state.is === "sourceGone") return { is: "failed", why: `${renderId(state.source)} does not exist` };
  const isAsked = request.asked.has(keyOf(idOf(workload)));
  const sources = wish.withSource && !isAsked ? sourcesToAsk(chain, () => true) : [];
  if (!wish.wait) return isAsked ? { is: "done", message: undefined } : askAll(reconciling, sources);
  const fetching = fetchingOf(sources, request);
  switch (fetching.is) {
    case "due":
      return { is: "ask", objects: fetching.objects };
    case "awaited":
      return { is: "waiting", because: `waits until ${renderId(idOf(fetching.source))} is fetched` };
    case "waiting":
      return {
        is: "waiting",
        because: `waits for ${renderId(idOf(fetching.source))}, which waits itself: ${fetching.message}`,
      };
    case "failed":
      return { is: "failed", why: `${renderId(idOf(fetching.source))} failed: ${fetching.message}` };
    case "fetched":
      return replyStep(reconciling, state);
  }
}

function askAll(
  { workload, request }: Reconciling,
  sources: readonly { object: LiveObject }[],
): ReconcileStep {
  const open = sources
    .map(({ object }) => object)
    .filter((object) => !request.asked.has(keyOf(idOf(object))));
  return { is: "ask", objects: [...open, workload] };
}

/** @param state of the workload and its sources */
function replyStep(reconciling: Reconciling, state: WorkloadState): ReconcileStep {
  const { workload, chain, wish, request } = reconciling;
  const reply = replyOf(workload, request);
  if (reply.is === "unasked") return { is: "ask", objects: [workload] };
  if (reply.is === "awaited")
    return { is: "waiting", because: underWay(reply.message, "was asked, and Flux has not answered") };
  const heed = heedOf(workload, request, wish);
  const isSpent = heed === "overtaken";
  const message = "message" in state ? state.message : "";
  switch (state.is) {
    case "sourceFailed":
      return { is: "failed", why: `${renderId(idOf(state.source))} failed: ${message}`, isSpent };
    case "failed":
      return wish.withSource && hasFailedBefore(workload, chain.content)
        ? { is: "waiting", because: "has not tried what its source holds" }
        : { is: "failed", why: message, isSpent };
    case "waiting":
      return {
        is: "waiting",
        because: reconciling.waitingFor() ?? `waits for its ${state.on}: ${message}`,
        isSpent: heed !== "heeded",
      };
    case "ready":
      if (wish.withSource && hasApplied(workload, chain.content) === false)
        return { is: "waiting", because: "has not applied what its source holds" };
      return heed === "ignored"
        ? {
            is: "failed",
            why: "its helm-controller knows no --force and --reset",
            hint: "Take Flux 2.2 or newer",
          }
        : { is: "done", message, isSpent };
    default:
      return { is: "waiting", because: underWay(message, "is being reconciled") };
  }
}

/** What became of `--force` and `--reset`: somebody who asked later may have been answered in their place. */
function heedOf(
  workload: FluxWorkload,
  { token }: ReconcileRequest,
  { force, reset }: ReconcileWish,
): "heeded" | "overtaken" | "ignored" {
  if (workload.kind !== "HelmRelease" || !(force || reset)) return "heeded";
  if (lastHandled(workload) !== token) return "overtaken";
  const { lastHandledForceAt, lastHandledResetAt } = workload.status ?? {};
  const isHeeded = (!force || lastHandledForceAt === token) && (!reset || lastHandledResetAt === token);
  return isHeeded ? "heeded" : "ignored";
}

function underWay(message: string | undefined, otherwise: string): string {
  return message ? `is being reconciled: ${message}` : otherwise;
}
