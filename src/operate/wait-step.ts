/** What is next for a workload that is waited for: when it is there, what keeps it, and when it will never be. Pure. */
import { appliedForms, attemptedForms, heldForms, isAmongForms } from "../flux/asked-revision.js";
import { hasApplied, hasFailedBefore } from "../flux/revision.js";
import type { SourceChain } from "../flux/source-chain.js";
import { sourceStatusOf } from "../flux/sources.js";
import { stateOf, verdictOf } from "../flux/state.js";
import { idleBecause, isSuspended } from "../flux/suspension.js";
import { type FluxWorkload, typedRef, workloadFrom } from "../flux/workload.js";
import { idOf, renderId } from "../kube/object-id.js";
import type { Sighting } from "./sighting.js";

/**
 * "ready": Flux says so of the present generation. "healthy": and so is everything that it applied. "reconciled": it is ready with
 * what its source holds at present.
 */
export const waitGoals = ["ready", "healthy", "reconciled"] as const;

export interface WaitWish {
  until: (typeof waitGoals)[number];
  /** a commit, a digest, a version, as far as it is typed */
  revision: string | undefined;
}

export interface Waited extends Omit<Sighting, "is"> {
  wish: WaitWish;
  /** whether the source was seen to hold the revision, or Flux to try it */
  wasHeld: boolean;
}

export type WaitStep =
  /** as far as Flux is concerned */
  | { is: "ready"; message: string }
  /** it may come by itself; `because` goes on after "it", the hint is for those who will not wait */
  | { is: "waiting"; because: string; hint?: string }
  | { is: "failed"; why: string; hint?: string };

/** Whether the sources hold what is asked for, or Flux has tried it. */
export function holds({ workload, chain, wish }: Pick<Waited, "workload" | "chain" | "wish">): boolean {
  const { revision } = wish;
  if (revision === undefined) return true;
  return isAmongForms(revision, [...heldForms(chain), ...attemptedForms(workload)]);
}

export function waitStep(waited: Waited): WaitStep {
  const { workload, chain, wish } = waited;
  if (workload.metadata.deletionTimestamp) return { is: "failed", why: "it is being deleted" };
  if (isSuspended(workload)) {
    const ref = typedRef({ ...workload.metadata, kind: workload.kind });
    return { is: "failed", why: "it is suspended", hint: `Resume it: flamingo resume ${ref}` };
  }
  const verdict = verdictOf(workload);
  if (verdict.is === "failed" && isFinal(verdict) && isAboutTheAsked(waited))
    return { is: "failed", why: verdict.message };
  const { revision } = wish;
  if (revision !== undefined && !isAmongForms(revision, appliedForms(workload, chain)))
    return stepTo(revision, waited);
  if (verdict.is !== "ready") return { is: "waiting", because: delayOf(waited) };
  if (wish.until === "reconciled" && hasApplied(workload, chain.content) === false)
    return { is: "waiting", because: delayOf(waited) };
  return { is: "ready", message: verdict.message };
}

/** Only another commit, or spec, mends it: others Flux tries again, and they may come right by themselves. */
function isFinal({ isStalled, reason }: { isStalled: boolean; reason: string }): boolean {
  return isStalled || reason === "BuildFailed" || reason === "ArtifactFailed";
}

/** Whether a failure is one of what is waited for, and not of what was there before. */
function isAboutTheAsked(waited: Waited): boolean {
  const { workload, chain } = waited;
  return holds(waited) && !hasFailedBefore(workload, chain.content);
}

/** @param revision does not run */
function stepTo(revision: string, waited: Waited): WaitStep {
  const { workload, chain, isUnread } = waited;
  if (chain.dangling.some(isUnread) || holds(waited)) return { is: "waiting", because: delayOf(waited) };
  const idle = chain.links.find(({ object }) => idleBecause(object) !== undefined)?.object;
  if (idle) {
    const why = `${renderId(idOf(idle))} ${idleBecause(idle)}, and does not hold ${revision}`;
    return { is: "failed", why, hint: "Have it fetched again, or leave --revision out" };
  }
  if ((waited.wasHeld || isPast(revision, workload)) && isUpToDate(waited)) {
    const source = renderId(workloadFrom(workload).source);
    const why = `${source} has left ${revision} behind, and it runs ${renderApplied(workload, chain)}`;
    return { is: "failed", why, hint: "To wait for what the source holds, leave --revision out" };
  }
  const ref = typedRef({ ...workload.metadata, kind: workload.kind });
  const hint = `To have the source fetched now: flamingo reconcile ${ref} --with-source`;
  return { is: "waiting", because: delayOf(waited), hint };
}

/** A branch does not go back to a commit that it had; tags and versions may. */
function isPast(revision: string, workload: FluxWorkload): boolean {
  if (workload.kind !== "Kustomization" || workload.spec?.sourceRef?.kind !== "GitRepository") return false;
  const commits = (workload.status?.history ?? []).map(({ metadata }) => metadata?.["revision"] ?? "");
  return isAmongForms(
    revision,
    commits.flatMap((text) => /[0-9a-f]{40,}$/.exec(text) ?? []),
  );
}

function isUpToDate({ workload, chain }: Waited): boolean {
  return verdictOf(workload).is === "ready" && hasApplied(workload, chain.content) === true;
}

function renderApplied(workload: FluxWorkload, chain: SourceChain): string {
  return workload.status?.lastAppliedRevision ?? appliedForms(workload, chain)[0] ?? "nothing";
}

/** What keeps a workload from having applied what its source holds, or what is asked for. */
function delayOf(waited: Waited): string {
  const { workload, chain, wish, isUnread } = waited;
  const state = stateOf(workload, chain, isUnread);
  switch (state.is) {
    case "sourceGone":
      return `waits for ${renderId(state.source)}, which does not exist`;
    case "sourceFailed":
      return `waits for ${renderId(idOf(state.source))}, which failed: ${state.message}`;
    case "waiting":
      return waited.waitingFor() ?? `waits for its ${state.on}: ${state.message}`;
    case "failed":
      return `failed, and Flux tries again: ${state.message}`;
    case "ready":
      return holds(waited) ? "has not applied what its source holds" : unheld(chain, wish.revision);
    default:
      return "message" in state && state.message
        ? `is being reconciled: ${state.message}`
        : "is being reconciled";
  }
}

function unheld({ content }: SourceChain, revision = ""): string {
  if (!content) return `waits for a source that holds ${revision}`;
  const held = sourceStatusOf(content).artifact?.revision;
  return `waits until ${renderId(idOf(content))} holds ${revision}${held ? `, where ${held} is` : ""}`;
}
