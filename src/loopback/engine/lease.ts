/** One flamingo at a time reports into one Argo CD, or a shard of it: by a Lease. Pure. */
import {
  type FirstReport,
  leaseDurationMs,
  leaseLabels,
  reportedAnnotation,
} from "../../argo/loopback-lease.js";
import type { Lease } from "../../kube/kinds.js";
import { loopbackFieldManager } from "../../names.js";

export const renewEveryMs = 3000;
/** Who has not renewed it for so long writes nothing more: the others wait for five seconds longer. */
export const renewWithinMs = 10_000;
/** Who waits looks at it so often: of one that is given back it knows soon. */
export const lookEveryMs = 1000;

/** Somebody who waits for the Lease says so here, and when: "host_1234_ab12 2026-01-02T03:04:05.000Z". */
export const waitingAnnotation = "flamingo/waiting";

/** A Lease as it was seen last, and for how long by one's own clock: clocks of two machines need not agree. */
export interface Observed {
  lease: Lease;
  unchangedMs: number;
  /** for how long the same annotation of somebody who waits has been there */
  unchangedWaiterMs: number;
}

export type LeaseStep =
  /** write this: it is, or becomes, ours */
  | { do: "hold"; lease: Lease; wasHeldBy: string | undefined }
  /** somebody else has it */
  | { do: "wait"; holder: string };

/** What to do about a Lease. */
export function leaseStep(
  observed: Observed | undefined,
  me: { identity: string; namespace: string; name: string },
  now: Date,
): LeaseStep {
  const time = microTime(now);
  const mine = { holderIdentity: me.identity, leaseDurationSeconds: leaseDurationMs / 1000, renewTime: time };
  if (!observed) {
    return {
      do: "hold",
      wasHeldBy: undefined,
      lease: {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: me.name, namespace: me.namespace, labels: leaseLabels },
        spec: { ...mine, acquireTime: time, leaseTransitions: 0 },
      },
    };
  }
  const { lease, unchangedMs } = observed;
  const { holderIdentity: holder = "", leaseTransitions = 0 } = lease.spec ?? {};
  if (holder === me.identity)
    return { do: "hold", wasHeldBy: undefined, lease: { ...lease, spec: { ...lease.spec, ...mine } } };
  if (leftMs(lease, unchangedMs) > 0) return { do: "wait", holder };
  return {
    do: "hold",
    wasHeldBy: holder === "" ? undefined : holder,
    lease: {
      ...labelled(without(lease, [waitingAnnotation, reportedAnnotation])),
      spec: { ...mine, acquireTime: time, leaseTransitions: leaseTransitions + 1 },
    },
  };
}

/** For how long others have to leave a Lease to its holder that they have seen unchanged for so long; 0 where nobody holds it. */
export function leftMs({ spec }: Lease, unchangedMs: number): number {
  if (!spec?.holderIdentity) return 0;
  return Math.max((spec.leaseDurationSeconds ?? leaseDurationMs / 1000) * 1000 - unchangedMs, 0);
}

/** Given back: whoever waits need not wait for its end. */
export function released(lease: Lease, now: Date): Lease {
  return {
    ...without(lease, [reportedAnnotation]),
    spec: { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(now) },
  };
}

/** With the annotation that `identity` waits for it. */
export function waitedFor(lease: Lease, identity: string, now: Date): Lease {
  return annotated(lease, waitingAnnotation, `${identity} ${now.toISOString()}`);
}

/** Who waits for it, with the time when that was written: "host_1234_ab12cd 2026-01-01T00:00:00.000Z". */
export function waiterIn(lease: Lease | undefined): string | undefined {
  return lease?.metadata.annotations?.[waitingAnnotation];
}

/** Whether somebody has lately said that they wait. */
export function isAwaited({ lease, unchangedWaiterMs }: Observed): boolean {
  return waiterIn(lease) !== undefined && unchangedWaiterMs < leaseDurationMs;
}

/** When the API server took the last write of ours, by its own clock; undefined when it does not say. */
export function writtenAt({ metadata }: Lease): number | undefined {
  const { managedFields = [] } = metadata;
  const times = managedFields.flatMap(({ manager, time }) =>
    manager === loopbackFieldManager && time ? [Date.parse(time)] : [],
  );
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** Whether it was not somebody's all the time until they renewed it, by the clock of the API server, which never stands still. */
export function hadLapsed(before: Lease | undefined, renewed: Lease): boolean {
  if (before?.spec?.holderIdentity !== renewed.spec?.holderIdentity) return true;
  const [from, to] = [before && writtenAt(before), writtenAt(renewed)];
  return from !== undefined && to !== undefined && to - from > renewWithinMs;
}

/** Without the annotation of somebody who waits. */
export function withoutWaiting(lease: Lease): Lease {
  return without(lease, [waitingAnnotation]);
}

/** With the annotation that its holder has reported everything once. */
export function reportedIn(lease: Lease, { at, version, by }: FirstReport): Lease {
  return annotated(lease, reportedAnnotation, `${at.toISOString()} ${version} ${by}`);
}

function labelled(lease: Lease): Lease {
  const labels = { ...lease.metadata.labels, ...leaseLabels };
  return { ...lease, metadata: { ...lease.metadata, labels } };
}

function annotated(lease: Lease, key: string, value: string): Lease {
  const annotations = { ...lease.metadata.annotations, [key]: value };
  return { ...lease, metadata: { ...lease.metadata, annotations } };
}

function without(lease: Lease, keys: readonly string[]): Lease {
  const annotations = Object.fromEntries(
    Object.entries(lease.metadata.annotations ?? {}).filter(([key]) => !keys.includes(key)),
  );
  return { ...lease, metadata: { ...lease.metadata, annotations } };
}

/** As the API server wants a MicroTime. */
function microTime(date: Date): string {
  return date.toISOString().replace(/Z$/, "000Z");
}
