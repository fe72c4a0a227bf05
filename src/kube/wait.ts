import { ExitCode, UserError } from "../errors.js";
import { isForbidden } from "./failure.js";
import { type Kstatus, kstatusOf } from "./kstatus.js";
import type { Kube } from "./kube.js";
import type { Kind, KubeObject, ObjectRef } from "./object.js";
import { namespacedName, renderId } from "./object-id.js";
import { resourceName } from "./resource.js";

/** An object that is waited for; it need not be there yet. */
export interface WaitTarget extends ObjectRef {
  kind: Kind;
}

/** How far a target is, as it was heard of last. */
export interface TargetState extends Kstatus {
  readonly target: WaitTarget;
  /** why that may be out of date */
  unavailable: UserError | undefined;
}

export interface WaitOptions {
  /** until the signal is aborted when not given */
  timeoutMs?: number;
  /** A reason that is a TimeoutError counts as the deadline; any other one is thrown as it is. */
  signal: AbortSignal;
  /** how far an object is, undefined for one that is not there; by kstatus when not given */
  judge?(object: KubeObject | undefined): Kstatus;
  /** why an object that is not Current can't become it any more; that ends the wait at once */
  hopelessBecause?(object: KubeObject | undefined): string | undefined;
  /** told all that are missing, whenever something about one of them has changed */
  onProgress?(missing: readonly TargetState[]): void;
}

/** A wait was given up: at the deadline (exit code 3), or because it was hopeless (1). */
export class NotReadyError extends UserError {
  readonly missing: readonly TargetState[];

  constructor(message: string, missing: readonly TargetState[], exitCode: number) {
    super(message, { exitCode, hint: missing[0] && `See what keeps it: ${describing(missing[0].target)}` });
    this.name = "NotReadyError";
    this.missing = missing;
  }
}

/**
 * Waits until all targets are Current at the same time, by watches: nothing is polled, and a watch that breaks off goes on.
 *
 * @throws NotReadyError with each target that is missing and its last condition; UserError without the right to read one
 */
export async function waitUntilReady(
  kube: Pick<Kube, "watch">,
  targets: readonly WaitTarget[],
  { timeoutMs, signal, onProgress, ...how }: WaitOptions,
): Promise<void> {
  const states = targets.map(unread);
  const missing = () => states.filter(isMissing);
  const end = new AbortController();
  const stop = () => end.abort();
  const onNews = () => {
    const left = missing();
    onProgress?.(left);
    if (left.length === 0) stop();
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const deadline = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
  try {
    const watches = watchesFor(states);
    await Promise.all(watches.map((watch) => follow(kube, watch, { ...how, onNews, signal: end.signal })));
  } finally {
    stop();
    clearTimeout(deadline);
    signal.removeEventListener("abort", stop);
  }
  const left = missing();
  if (left.length === 0) return;
  if (signal.aborted && signal.reason?.name !== "TimeoutError") throw signal.reason;
  throw new NotReadyError(`Cannot wait any longer: ${left.map(render).join("; ")}`, left, ExitCode.notReady);
}

interface Following extends Pick<WaitOptions, "judge" | "hopelessBecause" | "signal"> {
  onNews(): void;
}

/** Takes down what one watch tells of its targets, until the signal is aborted. */
async function follow(
  kube: Pick<Kube, "watch">,
  { kind, namespace, name, states }: Watch,
  { signal, judge = kstatusOf, hopelessBecause, onNews }: Following,
): Promise<void> {
  function update(one: TargetState, news: Partial<TargetState>): void {
    const { status, message, unavailable } = one;
    Object.assign(one, news);
    if (one.status !== status || one.message !== message || one.unavailable !== unavailable) onNews();
  }
  function see(one: TargetState, object: KubeObject | undefined): void {
    update(one, judge(object));
    const reason = one.status === "Current" ? undefined : hopelessBecause?.(object);
    if (reason === undefined) return;
    throw new NotReadyError(`${renderTarget(one)} cannot become ready: ${reason}`, [one], ExitCode.failed);
  }

  const byKey = new Map(states.map((one) => [namespacedName(one.target), one]));
  const unseen = new Set(byKey.keys());
  let isListed = false;
  for await (const event of kube.watch(kind, { namespace, name, signal })) {
    switch (event.type) {
      case "set":
      case "gone": {
        unseen.delete(event.key);
        const one = byKey.get(event.key);
        if (one) see(one, event.type === "set" ? event.object : undefined);
        break;
      }
      case "synced":
        isListed = true;
        for (const key of unseen) see(byKey.get(key) as TargetState, undefined);
        break;
      case "unavailable":
        // a right that was never there is no interruption
        if (!isListed && isForbidden(event.error)) throw event.error;
        for (const one of states) update(one, { unavailable: event.error });
        break;
      case "available":
        for (const one of states) update(one, { unavailable: undefined });
    }
  }
}

interface Watch {
  kind: Kind;
  namespace: string | undefined;
  /** all of the namespace when not given */
  name?: string;
  states: TargetState[];
}

/** So few of a kind are watched by name each: all of them may be megabytes, as the CRDs of a cluster are. */
const fewNames = 8;

function watchesFor(all: readonly TargetState[]): Watch[] {
  const groups = new Map<string, Watch>();
  for (const one of all) {
    const { kind, namespace } = one.target;
    const place = `${resourceName(kind)} ${namespace ?? ""}`;
    const group = groups.get(place) ?? { kind, namespace, states: [] };
    groups.set(place, group);
    group.states.push(one);
  }
  return [...groups.values()].flatMap((group) =>
    group.states.length > fewNames
      ? group
      : group.states.map((one) => ({ ...group, name: one.target.name, states: [one] })),
  );
}

function unread(target: WaitTarget): TargetState {
  return { target, status: "InProgress", message: "it was not read yet", unavailable: undefined };
}

function isMissing({ status, unavailable }: TargetState): boolean {
  return status !== "Current" || unavailable !== undefined;
}

/** "Deployment web in apps is InProgress: 1 of 2 replicas ready" */
function render(one: TargetState): string {
  const { status, message, unavailable } = one;
  const state = `${renderTarget(one)} is ${status}${message === undefined ? "" : `: ${message}`}`;
  return unavailable ? `${state} (out of date: ${unavailable.message})` : state;
}

function renderTarget({ target }: TargetState): string {
  return renderId({ ...target, kind: target.kind.kind });
}

function describing({ kind, namespace, name }: WaitTarget): string {
  return `kubectl describe ${resourceName(kind)} ${name}${namespace === undefined ? "" : ` -n ${namespace}`}`;
}
