import { describe, expect, test } from "vitest";
import type { Application, ApplicationStatus } from "../../src/argo/application.js";
import { applicationEvents } from "../../src/argo/application-events.js";
import { application } from "../builders/argo.js";

function withStatus(status: object | undefined): Application {
  return { ...application("web"), ...(status && { status: status as ApplicationStatus }) };
}

/** Each event in a line: "Normal ResourceUpdated Updated sync status: Synced -> OutOfSync". */
function told(before: object | undefined, after: object | undefined): string[] {
  const events = applicationEvents(withStatus(before), withStatus(after));
  return events.map(({ type, reason, message }) => `${type} ${reason} ${message}`);
}

const headline = (sync: string, health: string) => ({ sync: { status: sync }, health: { status: health } });

test.each<[string, object | undefined, object | undefined, string[]]>([
  ["nothing", headline("Synced", "Healthy"), headline("Synced", "Healthy"), []],
  ["nothing of a bare one", undefined, undefined, []],
  [
    "a first look",
    undefined,
    headline("Synced", "Healthy"),
    ["Updated sync status:  -> Synced", "Updated health status:  -> Healthy"],
  ],
  [
    "sync alone",
    headline("Synced", "Healthy"),
    headline("OutOfSync", "Healthy"),
    ["Updated sync status: Synced -> OutOfSync"],
  ],
  [
    "health, and what it comes from",
    headline("Synced", "Healthy"),
    { ...headline("Synced", "Degraded"), health: { status: "Degraded", message: "Caused by Node:n" } },
    ["Updated health status: Healthy -> Degraded (Caused by Node:n)"],
  ],
])("%s", (_, before, after, messages) => {
  expect(told(before, after)).toEqual(messages.map((text) => `Normal ResourceUpdated ${text}`));
});

describe("an operation that is over", () => {
  const begun = { operation: { sync: {} }, phase: "Running", startedAt: "2026-11-21T10:00:00Z" };
  const over = { ...begun, phase: "Succeeded", finishedAt: "2026-11-21T10:00:09Z" };
  const failed = { ...over, phase: "Failed", message: "health check failed" };
  const syncResult = { revision: "main@sha1:0123" };
  test.each<[string, object | undefined, object | undefined, string[]]>([
    ["is under way", undefined, begun, []],
    ["was over before", over, { ...over, message: "another text" }, []],
    ["is taken away", over, undefined, []],
    ["well", begun, over, ["Normal OperationCompleted Sync operation succeeded"]],
    [
      "of a revision",
      begun,
      { ...over, syncResult },
      ["Normal OperationCompleted Sync operation to main@sha1:0123 succeeded"],
    ],
    [
      "badly",
      begun,
      { ...failed, syncResult },
      ["Warning OperationCompleted Sync operation to main@sha1:0123 failed: health check failed"],
    ],
    ["at once", undefined, failed, ["Warning OperationCompleted Sync operation failed: health check failed"]],
    [
      "another one",
      { ...over, startedAt: "2026-11-21T09:00:00Z" },
      over,
      ["Normal OperationCompleted Sync operation succeeded"],
    ],
    [
      "of some objects",
      begun,
      { ...over, operation: { sync: { resources: [{ kind: "Pod" }] } } },
      ["Normal OperationCompleted Partial sync operation succeeded"],
    ],
  ])("%s", (_, before, after, events) => {
    expect(told({ operationState: before }, { operationState: after })).toEqual(events);
  });
});
