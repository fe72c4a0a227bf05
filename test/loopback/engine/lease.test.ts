import { describe, expect, test } from "vitest";
import { reportedOf } from "../../../src/argo/loopback-lease.js";
import type { Lease } from "../../../src/kube/kinds.js";
import {
  hadLapsed,
  isAwaited,
  leaseStep,
  released,
  reportedIn,
  waitedFor,
  waiterIn,
  withoutWaiting,
} from "../../../src/loopback/engine/lease.js";

const me = { identity: "me", namespace: "argocd", name: "flamingo-loopback-2-of-3" };
const labels = { "app.kubernetes.io/name": "flamingo-loopback" };
const now = new Date("2026-01-02T03:04:05.678Z");

function held(by: string, more: object = {}): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "flamingo-loopback", namespace: "argocd", resourceVersion: "7" },
    spec: { holderIdentity: by, leaseDurationSeconds: 15, renewTime: "2020-01-01T00:00:00.000000Z", ...more },
  };
}

test("nobody ever had it", () => {
  expect(leaseStep(undefined, me, now)).toEqual({
    do: "hold",
    wasHeldBy: undefined,
    lease: {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "flamingo-loopback-2-of-3", namespace: "argocd", labels },
      spec: {
        holderIdentity: "me",
        leaseDurationSeconds: 15,
        acquireTime: "2026-01-02T03:04:05.678000Z",
        renewTime: "2026-01-02T03:04:05.678000Z",
        leaseTransitions: 0,
      },
    },
  });
});

test.each([
  // what the clock of the other says does not count: only for how long nothing was heard, by our own
  ["somebody is heard of", held("other"), 0],
  ["nearly over", held("other"), 14_900],
  ["as long as its holder says", held("other", { leaseDurationSeconds: 30 }), 29_900],
])("%s: wait", (_, lease, unchangedMs) => {
  const step = leaseStep({ lease, unchangedMs, unchangedWaiterMs: 0 }, me, now);
  expect(step).toEqual({ do: "wait", holder: "other" });
});

test.each([
  ["silent for too long", held("other", { leaseTransitions: 3 }), 15_001, "other", 4],
  ["given back", released(held("other"), now), 0, undefined, 1],
] as const)("%s: take it", (_, lease, unchangedMs, wasHeldBy, leaseTransitions) => {
  expect(leaseStep({ lease, unchangedMs, unchangedWaiterMs: 0 }, me, now)).toMatchObject({
    do: "hold",
    wasHeldBy,
    lease: {
      metadata: { labels, resourceVersion: "7" },
      spec: { holderIdentity: "me", acquireTime: "2026-01-02T03:04:05.678000Z", leaseTransitions },
    },
  });
});

test("ours is renewed, and keeps when it was won", () => {
  const lease = held("me", { acquireTime: "2026-01-01T00:00:00.000000Z", leaseTransitions: 2 });
  expect(leaseStep({ lease, unchangedMs: 99_000, unchangedWaiterMs: 0 }, me, now)).toMatchObject({
    do: "hold",
    lease: {
      spec: {
        acquireTime: "2026-01-01T00:00:00.000000Z",
        renewTime: "2026-01-02T03:04:05.678000Z",
        leaseTransitions: 2,
      },
    },
  });
});

test("who waits says so, for as long as the word is new by our own clock", () => {
  const lease = waitedFor(held("other"), "me", now);
  expect(isAwaited({ lease: held("other"), unchangedMs: 0, unchangedWaiterMs: 0 })).toBe(false);
  expect(isAwaited({ lease, unchangedMs: 0, unchangedWaiterMs: 14_999 })).toBe(true);
  expect(isAwaited({ lease, unchangedMs: 0, unchangedWaiterMs: 15_000 })).toBe(false);
  expect(waiterIn(withoutWaiting(lease))).toBeUndefined();
  const step = leaseStep({ lease, unchangedMs: 16_000, unchangedWaiterMs: 0 }, me, now);
  expect(step.do === "hold" && waiterIn(step.lease)).toBeUndefined();
});

describe("the first report", () => {
  const first = { at: now, version: "1.2.3", by: "other" };
  const reported = reportedIn(held("other"), first);

  test("is told with its time, version and holder", () => {
    expect(reported.metadata.annotations).toEqual({
      "flamingo/reported": "2026-01-02T03:04:05.678Z 1.2.3 other",
    });
    expect(reportedOf(reported)).toEqual(first);
  });

  test("is told for as long as its holder holds the Lease", () => {
    const observed = { lease: reported, unchangedMs: 16_000, unchangedWaiterMs: 0 };
    const taken = leaseStep(observed, me, now);
    expect(taken.do === "hold" && taken.lease.metadata.annotations).toEqual({});
    const renewed = leaseStep({ ...observed, unchangedMs: 0 }, { ...me, identity: "other" }, now);
    expect(renewed.do === "hold" && reportedOf(renewed.lease)).toEqual(first);
    expect(released(reported, now).metadata.annotations).toEqual({});
  });

  test.each([
    ["nothing is said", undefined],
    ["another has said it, of a flamingo that leaves it there", "2026-01-02T03:04:05.678Z 1.2.3 me"],
    ["it is no time", "today 1.2.3 other"],
    ["it is half of it", "2026-01-02T03:04:05.678Z"],
  ])("is not known when %s", (_, text) => {
    const lease = held("other");
    const annotations = text === undefined ? {} : { "flamingo/reported": text };
    expect(reportedOf({ ...lease, metadata: { ...lease.metadata, annotations } })).toBeUndefined();
  });
});

describe("whether it had lapsed when it was renewed", () => {
  const seen = (by: string, time?: string): Lease => {
    const lease = held(by);
    const managedFields = time ? [{ manager: "flamingo-loopback", operation: "Update" as const, time }] : [];
    return { ...lease, metadata: { ...lease.metadata, managedFields } };
  };
  const renewed = seen("me", "2026-01-02T03:04:20Z");

  test.each<[what: string, before: Lease | undefined, is: boolean]>([
    ["in time", seen("me", "2026-01-02T03:04:10Z"), false],
    ["too late", seen("me", "2026-01-02T03:04:09Z"), true],
    ["of which the API server does not say when it was written", seen("me"), false],
    ["that was given back", seen(""), true],
    ["that somebody deleted", undefined, true],
  ])("one %s", (_, before, is) => expect(hadLapsed(before, renewed)).toBe(is));
});
