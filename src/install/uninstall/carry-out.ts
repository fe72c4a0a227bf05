import { carryOut, type Removed } from "../../applications/carry-out.js";
import { Application, ApplicationSet } from "../../argo/application.js";
import { withoutArgoFinalizers } from "../../argo/finalizer.js";
import { cascadesToFlux } from "../../argo/generated.js";
import { UserError } from "../../errors.js";
import type { Access } from "../../kube/asked.js";
import { concurrently } from "../../kube/concurrently.js";
import { isMissing } from "../../kube/failure.js";
import { Deployment, StatefulSet } from "../../kube/kinds.js";
import { kstatusOf } from "../../kube/kstatus.js";
import type { DeleteOptions, Kube } from "../../kube/kube.js";
import type { KubeObject, LiveObject } from "../../kube/object.js";
import { idOf, isOfKind } from "../../kube/object-id.js";
import { waitUntilReady } from "../../kube/wait.js";
import { fieldManager } from "../../names.js";
import { isEngine } from "../engine/names.js";
import type { Present } from "./installed.js";
import type { Stage } from "./plan.js";

export interface CarryOutOptions {
  signal: AbortSignal;
  /** told how many objects have yet to go, whenever that changes */
  onWaiting(left: number): void;
  /** asked before anything else than the engine goes. @throws UserError when one is left, or another one there by now */
  checkEngine(): Promise<void>;
}

/** What became of one object of a stage. */
export type StageResult =
  | Removed
  /** the signal was aborted before there was an answer: nobody knows whether it goes */
  | { object: LiveObject; outcome: "under way"; error: unknown }
  /** the signal was aborted before it was its turn */
  | { object: LiveObject; outcome: "unsent" };

const atOnce = 16;

/**
 * Deletes what is planned, stage by stage. After one in which something failed, or is held by somebody's finalizers, nothing more
 * goes: another run goes on there. When the signal is aborted, what was begun is still told.
 *
 * @throws NotReadyError at the deadline, for what was deleted and does not go; the signal's reason when something is left
 */
export async function* uninstallStages(
  kube: Kube,
  stages: readonly Stage[],
  { signal, onWaiting, checkEngine }: CarryOutOptions,
): AsyncGenerator<StageResult> {
  let isFree = false;
  for (const { objects, untilGone } of stages) {
    if (!isFree && !objects.some(({ object }) => isEngine(idOf(object)))) {
      await checkEngine();
      isFree = true;
    }
    let isWhole = true;
    for await (const result of concurrently(objects, atOnce, (one) => removeUnless(signal, kube, one))) {
      if ("failure" in result || !isGone(result.outcome)) isWhole = false;
      yield result;
    }
    if (!isWhole) return signal.throwIfAborted();
    if (untilGone) await waitUntilGone(kube, objects, { signal, onWaiting });
  }
}

/** The rights that it takes. */
export function accessesFor(stages: readonly Stage[]): Access[] {
  return stages.flatMap(({ objects }) =>
    objects.flatMap(({ object, kind }): Access[] => {
      const { namespace, finalizers = [] } = object.metadata;
      const isBare =
        withoutArgoFinalizers(finalizers).length === finalizers.length && !cascadesToFlux(object);
      const verbs = isBare ? (["delete"] as const) : (["patch", "delete"] as const);
      return verbs.map((verb) => ({ verb, kind, namespace }));
    }),
  );
}

const isGone = (outcome: string) => outcome === "deleted" || outcome === "missing";

async function removeUnless(signal: AbortSignal, kube: Kube, one: Present): Promise<StageResult> {
  const { object } = one;
  if (signal.aborted) return { object, outcome: "unsent" };
  try {
    const result = await (isOfKind(object, Application) ? removeAlone(kube, object) : remove(kube, one));
    if (!signal.aborted || !("failure" in result)) return result;
    return { object, outcome: "under way", error: result.failure };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { object, outcome: "under way", error };
  }
}

/** An Application, and nothing of Flux. */
async function removeAlone(kube: Kube, application: LiveObject): Promise<Removed> {
  const removal = { application, workload: undefined, source: undefined, stays: [] };
  return (await carryOut(kube, [removal]).next()).value;
}

async function remove(kube: Kube, { object, kind }: Present): Promise<Removed> {
  const { name, namespace, uid, finalizers = [] } = object.metadata;
  const ref = { name, namespace };
  const others = withoutArgoFinalizers(finalizers);
  try {
    // nobody else takes them away when Argo CD has gone
    if (others.length < finalizers.length)
      await kube.mergePatch(kind, ref, { metadata: { finalizers: others } }, { fieldManager });
    const how = { preconditions: { uid }, propagationPolicy: policyFor(object) };
    return { object, outcome: (await kube.delete(kind, ref, how)) ? "deleted" : "missing" };
  } catch (error) {
    if (isMissing(error)) return { object, outcome: "missing" };
    if (!(error instanceof UserError)) throw error;
    return { object, failure: error };
  }
}

/** What runs is gone when its Pods are; Applications of an ApplicationSet are not to be deleted as Argo CD would. */
function policyFor(object: KubeObject): DeleteOptions["propagationPolicy"] {
  if (isOfKind(object, ApplicationSet)) return "Orphan";
  return [Deployment, StatefulSet].some((kind) => isOfKind(object, kind)) ? "Foreground" : undefined;
}

function waitUntilGone(
  kube: Kube,
  objects: readonly Present[],
  { signal, onWaiting }: Pick<CarryOutOptions, "signal" | "onWaiting">,
): Promise<void> {
  const targets = objects.map(({ object, kind }) => ({ ...object.metadata, kind }));
  return waitUntilReady(kube, targets, {
    signal,
    judge: (object) => (object ? kstatusOf(object) : { status: "Current", message: undefined }),
    onProgress: (missing) => onWaiting(missing.length),
  });
}
