import type { UserError } from "../../errors.js";
import { type FindWorkload, waitingChainOf } from "../../flux/dependencies.js";
import { observedGeneration } from "../../flux/readiness.js";
import { chartOf, noSources, type SourceChain, sourceChainOf } from "../../flux/source-chain.js";
import { lastVerdictOf, stateOf, verdictOf, type WorkloadState } from "../../flux/state.js";
import { isSuspended, suspendedSince } from "../../flux/suspension.js";
import type { FluxWorkload } from "../../flux/workload.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, keyOf, type ObjectId, renderId } from "../../kube/object-id.js";

/** What is known of Flux's objects. */
export interface KnownFlux {
  /** by `keyOf()` */
  objects: ReadonlyMap<string, LiveObject>;
  /** An object, undefined when it does not exist, "unread" as long as nothing is known of it. */
  look(id: ObjectId): LiveObject | "unread" | undefined;
  /** Why an object cannot be read. */
  troubleWith(id: ObjectId): UserError | undefined;
  /** Whether the cluster serves a kind at all. */
  isServed(id: ObjectId): boolean;
}

/** How a workload is: Flux's states, and why there is none to tell of. */
export type ShownState =
  | Exclude<WorkloadState["is"], "unsettled">
  | "gone"
  | "unread"
  | "notServed"
  | "elsewhere"
  /** the Application itself is not there any more */
  | "deleted";

/** What Flux says of a workload. */
export interface FluxWord {
  state: ShownState;
  /** its condition Ready, as far as that is about what the workload is now; null: there is none to tell of */
  ready: "True" | "False" | "Unknown" | null;
  /** Flux's own message, or what it does not say: what is waited for, who has suspended it */
  message: string;
}

export function fluxWordOf(workload: FluxWorkload, known: KnownFlux): FluxWord {
  const verdict = verdictOf(workload);
  const { chain, isUnread } = sourcesOf(workload, verdict, known);
  const state = stateOf(workload, chain, isUnread);
  switch (state.is) {
    case "suspended":
      return { state: state.is, ready: readyBy(lastVerdictOf(workload)), message: suspension(workload) };
    case "unsettled":
      return { state: "ready", ready: "True", message: state.message };
    default:
      return { state: state.is, ready: readyBy(verdict), message: messageOf(state, workload, known) };
  }
}

/** Of a workload that is not there, or of which nothing is known. */
export function wordWithout(id: ObjectId, isUnread: boolean, known: KnownFlux): FluxWord {
  if (isUnread) {
    const trouble = known.troubleWith(id);
    return { state: "unread", ready: null, message: trouble ? `flamingo ${trouble.clause}` : "" };
  }
  if (known.isServed(id)) return { state: "gone", ready: null, message: `${renderId(id)} does not exist` };
  return {
    state: "notServed",
    ready: null,
    message: `${renderId(id)} does not exist: the cluster serves no ${id.kind} of Flux`,
  };
}

/** The chart that helm-controller makes is looked at where it may tell more than a HelmRelease says itself. */
function sourcesOf(workload: FluxWorkload, verdict: WorkloadState, { objects, look }: KnownFlux) {
  const isUnread = (id: ObjectId) => look(id) === "unread";
  if (isSuspended(workload) || workload.metadata.deletionTimestamp) return { chain: noSources, isUnread };
  const whole = sourceChainOf(workload, objects);
  const chart = verdict.is === "ready" ? chartOf(workload) : undefined;
  const chain = chart ? chainWithout(chart, whole) : whole;
  for (const id of chain.sought) look(id);
  return { chain, isUnread };
}

function chainWithout(source: ObjectId, chain: SourceChain): SourceChain {
  const key = keyOf(source);
  return {
    ...chain,
    links: chain.links.filter(({ object }) => keyOf(idOf(object)) !== key),
    sought: chain.sought.filter((id) => keyOf(id) !== key),
  };
}

function readyBy({ is }: WorkloadState): "True" | "False" | "Unknown" {
  if (is === "ready" || is === "unsettled") return "True";
  return is === "failed" || is === "waiting" || is === "canceled" ? "False" : "Unknown";
}

type Told = Exclude<WorkloadState, { is: "suspended" | "unsettled" }>;

function messageOf(state: Told, workload: FluxWorkload, { look }: KnownFlux): string {
  switch (state.is) {
    case "deleting":
      return "it is being deleted";
    case "sourceGone":
      return `its source ${renderId(state.source)} does not exist`;
    case "sourceFailed":
      return `its source ${renderId(idOf(state.source))} failed: ${state.message}`;
    case "unseen":
      return "waiting to be reconciled";
    case "waiting":
      return (
        waitingChainOf(workload, look as FindWorkload)?.sentence ??
        `waits for its ${state.on}: ${state.message}`
      );
    case "stale":
      return staleness(workload);
    case "failed":
      return state.isStalled ? `stalled: ${state.message}` : state.message;
    default:
      return state.message;
  }
}

function staleness(workload: FluxWorkload): string {
  const { generation } = workload.metadata;
  const last = lastVerdictOf(workload);
  const said = "message" in last && last.message ? `; before it: ${last.message}` : "";
  const observed = observedGeneration(workload);
  const seen = observed > 0 ? `, Flux has seen ${observed}` : "";
  return `generation ${generation} is not reconciled yet${seen}${said}`;
}

/** "suspended since 2026-01-15T00:00:00Z, by alice: the database is moved; failed before it: …" */
function suspension(workload: FluxWorkload): string {
  const since = suspendedSince(workload);
  const when = since ? ` since ${since.time}, ${since.who}` : "";
  const last = lastVerdictOf(workload);
  return `suspended${when}${last.is === "failed" ? `; failed before it: ${last.message}` : ""}`;
}
