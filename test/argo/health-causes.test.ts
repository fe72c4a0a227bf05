import { expect, test } from "vitest";
import type { ResourceStatus } from "../../src/argo/application.js";
import type { HealthCode } from "../../src/argo/health.js";
import { causesOf } from "../../src/argo/health-causes.js";

const item = (name: string, status: HealthCode, more: Partial<ResourceStatus> = {}): ResourceStatus => ({
  ...{ group: "apps", kind: "Deployment", namespace: "shop", name, health: { status } },
  ...more,
});
const node: ResourceStatus = { kind: "Node", name: "n", health: { status: "Degraded" } };
const child = { group: "argoproj.io", kind: "Application", namespace: "argocd" };

test.each<[string, HealthCode, ResourceStatus[], string | undefined]>([
  ["one", "Degraded", [item("a", "Degraded")], "Caused by apps/Deployment:shop/a"],
  ["only those that are better", "Degraded", [item("b", "Progressing")], undefined],
  ["no group, no namespace", "Degraded", [node], "Caused by Node:n"],
  [
    "more than three",
    "Degraded",
    ["a", "b", "c", "d", "e"].map((name) => item(name, "Degraded")),
    "Caused by apps/Deployment:shop/a, apps/Deployment:shop/b, apps/Deployment:shop/c and 2 more",
  ],
  ["all are gone", "Missing", [item("a", "Missing")], undefined],
  ["all is well", "Healthy", [item("a", "Healthy")], undefined],
  ["a child that nobody knows", "Unknown", [item("a", "Unknown", child)], undefined],
  [
    "a child that is bad",
    "Degraded",
    [item("a", "Degraded", child)],
    "Caused by argoproj.io/Application:argocd/a",
  ],
])("causes of a health: %s", (_, health, resources, causes) =>
  expect(causesOf(health, resources)).toBe(causes),
);
