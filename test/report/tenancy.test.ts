import { describe, expect, test } from "vitest";
import type { AppProject } from "../../src/argo/app-project.js";
import type { Application } from "../../src/argo/application.js";
import type { LiveObject } from "../../src/kube/object.js";
import type { ReportInput } from "../../src/report/report.js";
import { argo } from "../builders/argo.js";
import { flux } from "../builders/flux.js";
import { live, object, owned } from "../builders/kube.js";
import { application, gitRepository, kustomization, outline, project, reportOf } from "./objects.js";

const deployment = object("apps/v1", "Deployment", "apps/podinfo");
const replicaSet = owned(deployment, "apps/v1", "ReplicaSet", "apps/podinfo-1");
const objects = [
  deployment,
  replicaSet,
  owned(replicaSet, "v1", "Pod", "apps/podinfo-1-a"),
  object("v1", "Secret", "apps/credentials"),
  object("apps/v1", "Deployment", "kube-system/SECRETPLACE"),
  owned(
    object("apps/v1", "Deployment", "kube-system/SECRETPLACE"),
    "apps/v1",
    "ReplicaSet",
    "kube-system/SECRETCHILD",
  ),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", "SECRETROLE"),
];
const workload = kustomization([
  "apps_podinfo_apps_Deployment",
  "apps_credentials__Secret",
  "kube-system_SECRETPLACE_apps_Deployment",
  "kube-system_SECRETGONE__ConfigMap",
  "_SECRETROLE_rbac.authorization.k8s.io_ClusterRole",
]);
const onlyApps = { destinations: [{ server: "*", namespace: "apps" }] };

test.each<[spec: AppProject["spec"], omitted: number, kinds: string]>([
  [
    {},
    0,
    "ClusterRole ConfigMap Deployment Deployment GitRepository Kustomization Pod ReplicaSet ReplicaSet Secret",
  ],
  [onlyApps, 3, "ClusterRole Deployment GitRepository Kustomization Pod ReplicaSet Secret"],
  [
    { ...onlyApps, clusterResourceWhitelist: [] },
    4,
    "Deployment GitRepository Kustomization Pod ReplicaSet Secret",
  ],
  [
    { namespaceResourceBlacklist: [{ group: "", kind: "Secret" }] },
    1,
    "ClusterRole ConfigMap Deployment Deployment GitRepository Kustomization Pod ReplicaSet ReplicaSet",
  ],
  // what is below a forbidden object is not shown either, but counts
  [
    {
      ...onlyApps,
      namespaceResourceBlacklist: [{ group: "apps", kind: "Deployment" }],
      clusterResourceWhitelist: [],
    },
    7,
    "GitRepository Kustomization Secret",
  ],
  [
    { ...onlyApps, namespaceResourceBlacklist: [{ group: "", kind: "Pod" }] },
    4,
    "ClusterRole Deployment GitRepository Kustomization ReplicaSet Secret",
  ],
  [
    { namespaceResourceBlacklist: [{ group: "source.toolkit.fluxcd.io", kind: "*" }] },
    1,
    "ClusterRole ConfigMap Deployment Deployment Kustomization Pod ReplicaSet ReplicaSet Secret",
  ],
])("with %j, %d objects are left out", (spec, omitted, kinds) => {
  const made = reportOf(objects, { workload, project: project(spec) });
  expect(made.omitted).toBe(omitted);
  expect(
    made.tree.nodes
      .map(({ kind }) => kind)
      .sort()
      .join(" "),
  ).toBe(kinds);
  const message = made.status.conditions?.find(({ type }) => type === "ExcludedResourceWarning")?.message;
  const count = omitted === 1 ? "1 object is" : `${omitted} objects are`;
  const them = omitted === 1 ? "it" : "them";
  expect(message).toBe(
    omitted === 0 ? undefined : `${count} not shown: the AppProject default does not permit ${them}`,
  );
});

test("what is not permitted appears nowhere", () => {
  const spec = { ...onlyApps, clusterResourceWhitelist: [] };
  const made = reportOf(objects, { workload, project: project(spec) });
  expect(JSON.stringify(made)).not.toMatch(/SECRET/);
  expect(JSON.stringify(reportOf(objects, { workload }))).toMatch(/SECRETPLACE.*SECRETCHILD.*SECRETROLE/);
  for (const list of [made.status.resources, made.status.operationState?.syncResult?.resources]) {
    expect(list?.map(({ kind }) => kind)).toContain("Deployment");
  }
});

test("what is not permitted any more goes from the result of the last Sync, too", () => {
  const before = reportOf(objects, { workload }).status;
  const operation = { ...before.operationState?.operation, initiatedBy: { username: "admin" } };
  const finishedAt = "2030-01-01T00:00:00Z";
  const synced = {
    ...application,
    status: { ...before, operationState: { ...before.operationState, operation, finishedAt } },
  } as Application;
  const spec = { ...onlyApps, clusterResourceWhitelist: [] };
  for (const told of [synced, { ...synced, operation }]) {
    expect(JSON.stringify(told)).toMatch(/SECRET/);
    const { operationState } = reportOf(objects, {
      application: told,
      workload,
      project: project(spec),
    }).status;
    const resources = expect.arrayContaining([expect.objectContaining({ kind: "Deployment" })]);
    expect(operationState).toMatchObject({ operation, syncResult: { resources } });
    expect(JSON.stringify(operationState)).not.toMatch(/SECRET/);
  }
});

test("a source in a forbidden namespace is left out, and the workload stands alone", () => {
  const shared = { ...gitRepository, metadata: { ...gitRepository.metadata, namespace: "flux-system" } };
  const made = reportOf([], {
    workload: kustomization([], {
      spec: { sourceRef: { kind: "GitRepository", name: "podinfo", namespace: "flux-system" } },
    }),
    sources: [shared],
    project: project(onlyApps),
  });
  expect(outline(made)).toEqual(["Kustomization/podinfo"]);
  expect(made.status.sync?.status).toBe("Synced");
  expect(made.omitted).toBe(1);
});

describe("a condition and nothing else", () => {
  const inNamespace = (namespace: string): Application => ({
    ...application,
    metadata: { ...application.metadata, namespace },
  });
  const teams = { ...argo, applicationNamespaces: ["team-*"] };
  const oci = (url: string) => [live(flux("GitRepository", "podinfo", { url }))];

  test.each<[what: string, changes: Partial<ReportInput>, message: string | undefined]>([
    ["without the AppProject", { project: undefined }, "The AppProject default does not exist"],
    [
      "the namespace is not permitted",
      { project: project({ destinations: [{ server: "*", namespace: "other" }] }) },
      "The AppProject default does not permit the namespace apps on this cluster",
    ],
    [
      "the cluster is not permitted",
      { project: project({ destinations: [{ server: "https://other", namespace: "*" }] }) },
      "The AppProject default does not permit the namespace apps on this cluster",
    ],
    [
      "the kind is not permitted",
      { project: project({ namespaceResourceWhitelist: [{ group: "apps", kind: "*" }] }) },
      "The AppProject default does not permit kustomize.toolkit.fluxcd.io Kustomization",
    ],
    [
      "the repository is not permitted",
      { project: project({ sourceRepos: ["https://github.com/other/*"] }) },
      "The AppProject default does not permit the repository of this Application",
    ],
    [
      "the source is not what the Application says",
      {
        project: project({ sourceRepos: ["https://github.com/stefanprodan/*"] }),
        sources: oci("https://github.com/other/x"),
      },
      "The AppProject default does not permit the repository of this workload's source",
    ],
    [
      "the source is forbidden in one of its forms",
      {
        project: project({ sourceRepos: ["*", "!ghcr.io/other/*"] }),
        sources: oci("oci://ghcr.io/other/podinfo"),
      },
      "The AppProject default does not permit the repository of this workload's source",
    ],
    [
      "the source is missing where not all repositories are permitted",
      { project: project({ sourceRepos: ["https://github.com/stefanprodan/*"] }), sources: [] },
      "The AppProject default does not permit every repository, and that of this workload's source is not known",
    ],
    [
      "the source is missing where one is forbidden",
      { project: project({ sourceRepos: ["*", "!https://github.com/other/*"] }), sources: [] },
      "The AppProject default does not permit every repository, and that of this workload's source is not known",
    ],
    [
      "the source has no address where not all repositories are permitted",
      {
        project: project({ sourceRepos: ["https://github.com/stefanprodan/*"] }),
        sources: [live(flux("GitRepository", "podinfo"))],
      },
      "The AppProject default does not permit every repository, and that of this workload's source is not known",
    ],
    [
      "the Application names no repository where not all are permitted",
      {
        project: project({ sourceRepos: ["https://github.com/stefanprodan/*"] }),
        application: { ...application, spec: { ...application.spec, source: {} } },
      },
      "The AppProject default does not permit the repository of this Application",
    ],
    [
      "a bucket is not permitted",
      {
        project: project({ sourceRepos: ["https://github.com/stefanprodan/*"] }),
        workload: kustomization([], { spec: { sourceRef: { kind: "Bucket", name: "podinfo" } } }),
        sources: [live(flux("Bucket", "podinfo", { bucketName: "b", endpoint: "minio.example.com" }))],
      },
      "The AppProject default does not permit the repository of this workload's source",
    ],
    [
      "the source is permitted as an Application writes it",
      {
        project: project({ sourceRepos: ["https://github.com/stefanprodan/*", "ghcr.io/org/charts"] }),
        sources: oci("oci://ghcr.io/org/charts/podinfo"),
      },
      undefined,
    ],
    [
      "the Application lives in a namespace that Argo CD does not watch",
      { application: inNamespace("team-a"), project: project({ sourceNamespaces: ["*"] }) },
      "Applications in the namespace team-a may not use the AppProject default",
    ],
    [
      "the Application lives in a namespace that the AppProject does not permit",
      { application: inNamespace("team-a"), argo: teams },
      "Applications in the namespace team-a may not use the AppProject default",
    ],
    [
      "… whose pattern cannot be read",
      {
        application: inNamespace("team-a"),
        argo: teams,
        project: project({ sourceNamespaces: ["/(?!x)/"] }),
      },
      "Applications in the namespace team-a may not use the AppProject default: one of its sourceNamespaces is no expression of RE2",
    ],
    [
      "the Application lives in a permitted namespace",
      { application: inNamespace("team-a"), argo: teams, project: project({ sourceNamespaces: ["team-a"] }) },
      undefined,
    ],
    [
      "a workload that does not exist is not told of in a forbidden namespace",
      { workload: undefined, project: project({ destinations: [] }) },
      "The AppProject default does not permit the namespace apps on this cluster",
    ],
  ])("%s", (_, changes, message) => {
    const made = reportOf(objects as LiveObject[], { workload, ...changes });
    if (message === undefined) {
      expect(made.tree.nodes.length).toBeGreaterThan(0);
      return;
    }
    expect(made).toEqual({
      status: {
        sync: { status: "Unknown" },
        health: { status: "Unknown", lastTransitionTime: "2026-11-21T10:00:00Z" },
        resources: [],
        history: [],
        summary: {},
        conditions: [{ type: "InvalidSpecError", message, lastTransitionTime: "2026-11-21T10:00:00Z" }],
        reconciledAt: "2026-11-21T10:00:00Z",
      },
      tree: { nodes: [], orphanedNodes: [], hosts: [] },
      managedResources: [],
      applied: [],
      omitted: 0,
    });
  });

  test.each<[message: string, rest: object, stays: boolean]>([
    ["The AppProject default does not exist", {}, true],
    ["The AppProject default does not exist", { syncResult: { revision: "main" } }, false],
    ["Applied revision: main", {}, false],
  ])("but for a Sync that was refused: %s %j", (message, rest, stays) => {
    const operationState = {
      operation: {},
      phase: "Failed",
      message,
      startedAt: "2026-11-21T09:00:00Z",
      ...rest,
    };
    const synced = { ...application, status: { operationState } } as Application;
    const { status } = reportOf([], { application: synced, project: undefined });
    expect(status.operationState).toEqual(stays ? operationState : undefined);
  });
});
