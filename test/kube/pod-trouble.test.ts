import { expect, test } from "vitest";
import type { Pod } from "../../src/kube/kinds.js";
import { refusalOf, troublesOf, whyNotReady } from "../../src/kube/pod-trouble.js";
import { object } from "../builders/kube.js";

const pod = (status: object): Pod => object("v1", "Pod", "apps/web", { status });
const container = (name: string, state: object, ready = false) => ({ name, ready, state });
const crashing = container("web", { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s" } });
const running = container("web", { running: {} });
const unscheduled = {
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message: "0/3 nodes are available",
};

test.each<[string, object, ReturnType<typeof whyNotReady>]>([
  ["crashes", { containerStatuses: [crashing] }, { container: "web", why: "CrashLoopBackOff: back-off 40s" }],
  [
    "crashes before it begins",
    { initContainerStatuses: [{ ...crashing, name: "init" }], containerStatuses: [running] },
    { container: "init", why: "CrashLoopBackOff: back-off 40s" },
  ],
  [
    "runs, and is not ready",
    { containerStatuses: [running] },
    { container: "web", why: "it runs, and is not ready" },
  ],
  [
    "is taken by no node",
    { conditions: [unscheduled] },
    { container: undefined, why: "0/3 nodes are available" },
  ],
  ["is ready", { containerStatuses: [{ ...running, ready: true }] }, undefined],
  ["has only begun", {}, undefined],
])("a Pod that %s", (_, status, expected) =>
  expect(whyNotReady(pod(status))).toEqual(expected && expect.objectContaining(expected)),
);

test.each<[string, state: object, ready: boolean, recovers: string | undefined]>([
  ["runs again, and is ready", { running: {} }, true, undefined],
  ["runs again, and is not ready yet", { running: {} }, false, "may"],
  ["waits to be started again", { waiting: { reason: "CrashLoopBackOff" } }, false, "never"],
])(
  "a container that died many times, as when its Node was started anew, and %s",
  (_, state, ready, recovers) => {
    const lastState = { terminated: { exitCode: 255, reason: "Unknown" } };
    const status = { ...container("web", state, ready), lastState, restartCount: 7 };
    expect(troublesOf(pod({ containerStatuses: [status] }))[0]?.recovers).toBe(recovers);
  },
);

test("what is refused never becomes a Pod", () => {
  const failure = { type: "ReplicaFailure", status: "True", message: "exceeded quota: pods" };
  const set = (status: string) =>
    object("apps/v1", "ReplicaSet", "apps/web", { status: { conditions: [{ ...failure, status }] } });
  expect(refusalOf(set("True"))).toBe("exceeded quota: pods");
  expect(refusalOf(set("False"))).toBeUndefined();
});
