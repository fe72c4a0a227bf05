import { describe, expect, test } from "vitest";
import type { Application } from "../../src/argo/application.js";
import { blameIn } from "../../src/report/blame.js";
import { object } from "../builders/kube.js";
import { application, kustomization, ready, reportOf } from "./objects.js";

const id = (group: string, kind: string, namespace: string, name: string) => ({
  group,
  kind,
  namespace,
  name,
});
const inventory = [
  id("apps", "Deployment", "apps", "podinfo"),
  id("batch", "Job", "apps", "migrate"),
  id("networking.k8s.io", "Ingress", "apps", "web"),
  id("extensions", "Ingress", "apps", "web"),
];

test.each<[message: string, blamed: string[], others: string[]]>([
  [
    "timeout waiting for: [Deployment/apps/podinfo status: 'InProgress']",
    ["apps/Deployment/apps/podinfo"],
    [],
  ],
  [
    "failed early due to stalled resources: [Deployment/apps/podinfo status: 'Failed', Job/apps/migrate status: 'Failed']",
    ["apps/Deployment/apps/podinfo", "batch/Job/apps/migrate"],
    [],
  ],
  ["Deployment/other/podinfo apply failed: no", [], ["podinfo"]],
  ["Ingress/apps/web apply failed: which of them?", [], []],
  ['cannot patch "podinfo" with kind Deployment: no', ["apps/Deployment/apps/podinfo"], []],
  ["Job/apps/migrate apply failed: no\nDeployment/apps/podinfo configured\n", ["batch/Job/apps/migrate"], []],
  ["context deadline exceeded", [], []],
])("%s", (message, blamed, others) => {
  const blame = blameIn(message, inventory);
  expect([...blame.of.keys()]).toEqual(blamed);
  expect(blame.others.map(({ name }) => name)).toEqual(others);
});

describe("a report", () => {
  const message =
    "health check failed after 30s: timeout waiting for: [Deployment/apps/podinfo status: 'InProgress', Deployment/apps/web status: 'InProgress']";
  const failed = { ...ready, status: "False", reason: "HealthCheckFailed", message };
  const busy = [
    { type: "Reconciling", status: "True", lastTransitionTime: "2026-11-21T09:30:00Z" },
    { ...ready, status: "Unknown", message: "Reconciliation in progress" },
  ];
  const ids = ["apps_podinfo_apps_Deployment", "apps_web_apps_Deployment", "apps_other_apps_Deployment"];
  const deployment = (name: string, availableReplicas: number) =>
    object("apps/v1", "Deployment", `apps/${name}`, {
      metadata: { generation: 1 },
      spec: { replicas: 1 },
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas },
    });
  const objects = [deployment("podinfo", 0), deployment("web", 1), deployment("other", 0)];
  const healthOf = (conditions: object[], before?: Application["status"]) => {
    const made = reportOf(objects, {
      workload: kustomization(ids, { status: { conditions } }),
      application: { ...application, ...(before ? { status: before } : {}) } as Application,
    });
    const resources = made.status.resources?.filter(({ kind }) => kind === "Deployment") ?? [];
    const nodes = made.tree.nodes.filter(({ kind }) => kind === "Deployment");
    const byName = (all: typeof nodes | typeof resources) =>
      Object.fromEntries(all.map(({ name, health }) => [name, health]));
    expect(byName(nodes)).toEqual(byName(resources));
    return byName(resources);
  };

  test("marks what Flux failed with, unless that is well by itself", () => {
    expect(healthOf([failed])).toEqual({
      podinfo: {
        status: "Degraded",
        message:
          "health check failed after 30s: timeout waiting for: Deployment/apps/podinfo status: 'InProgress'; Waiting for rollout to finish: 0 of 1 updated replicas are available...",
      },
      web: { status: "Healthy" },
      other: {
        status: "Progressing",
        message: "Waiting for rollout to finish: 0 of 1 updated replicas are available...",
      },
    });
  });

  test("and goes on while Flux tries the same once more", () => {
    const operationState = {
      operation: {},
      phase: "Failed" as const,
      message,
      startedAt: "",
      finishedAt: "",
    };
    const before = { operationState: { ...operationState, finishedAt: "2030-01-01T00:00:00Z" } };
    expect(healthOf(busy, before)).toMatchObject({ podinfo: { status: "Degraded" } });
    expect(healthOf(busy)).toMatchObject({ podinfo: { status: "Progressing" } });
    expect(healthOf([ready], before)).toMatchObject({ podinfo: { status: "Progressing" } });
  });

  test("in the same words, however long it took the next time", () => {
    const workload = kustomization(ids, { status: { conditions: [failed] } });
    const { status } = reportOf(objects, { workload });
    const slower = { ...failed, message: failed.message.replace("30s", "30.04s") };
    expect(healthOf([slower], status)["podinfo"]?.message).toMatch(/^health check failed after 30s: /);
  });
});
