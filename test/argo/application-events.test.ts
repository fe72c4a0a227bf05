import { describe, expect, test } from "vitest";
import type { Application, ApplicationStatus, ResourceStatus } from "../../src/argo/application.js";
import { applicationEvents } from "../../src/argo/application-events.js";
import { application } from "../builders/argo.js";

function withStatus(status: object | undefined): Application {
  return { ...application("web"), ...(status && { status: status as ApplicationStatus }) };
}

/** Each event in a line: "Normal ResourceUpdated Updated sync status: Synced -> OutOfSync". */
function told(before: object | undefined, after: object | undefined, release?: string): string[] {
  const events = applicationEvents(withStatus(before), withStatus(after), release);
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
])("%s", (_, before, after, messages) => {
  expect(told(before, after, "2.8.0")).toEqual(messages.map((text) => `Normal ResourceUpdated ${text}`));
});

describe("causes of a health", () => {
  const item = (name: string, status: string, more: Partial<ResourceStatus> = {}) => ({
    ...{ group: "apps", kind: "Deployment", namespace: "shop", name, health: { status } },
    ...more,
  });
  const a = item("a", "Degraded");
  const node = item("n", "Degraded", { group: undefined, kind: "Node", namespace: undefined } as object);
  const child = { group: "argoproj.io", kind: "Application", namespace: "argocd" };
  test.each<[string, string, object[], string, string | undefined]>([
    ["before 3.6", "Degraded", [a], "", "3.5.7"],
    ["3.6", "Degraded", [a], " (Caused by apps/Deployment:shop/a)", "3.6.0"],
    ["a release that is not known", "Degraded", [a], " (Caused by apps/Deployment:shop/a)", undefined],
    ["those that are better", "Degraded", [item("b", "Progressing")], "", undefined],
    ["no group, no namespace", "Degraded", [node], " (Caused by Node:n)", undefined],
    [
      "more than three",
      "Degraded",
      ["a", "b", "c", "d", "e"].map((name) => item(name, "Degraded")),
      " (Caused by apps/Deployment:shop/a, apps/Deployment:shop/b, apps/Deployment:shop/c and 2 more)",
      undefined,
    ],
    ["all are gone", "Missing", [item("a", "Missing")], "", undefined],
    ["all is well", "Healthy", [item("a", "Healthy")], "", undefined],
    ["a child that nobody knows", "Unknown", [item("a", "Unknown", child)], "", undefined],
    [
      "a child that is bad",
      "Degraded",
      [item("a", "Degraded", child)],
      " (Caused by argoproj.io/Application:argocd/a)",
      undefined,
    ],
  ])("%s", (_, status, resources, causes, release) => {
    const before = headline("Synced", "Progressing");
    expect(told(before, { ...headline("Synced", status), resources }, release)).toEqual([
      `Normal ResourceUpdated Updated health status: Progressing -> ${status}${causes}`,
    ]);
  });
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
