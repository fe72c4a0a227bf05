import { describe, expect, test } from "vitest";
import type { Application, ApplicationStatus, OperationState } from "../../src/argo/application.js";
import { argoSettingsFrom } from "../../src/argo/settings.js";
import { statusPatch } from "../../src/argo/status-patch.js";
import { argoRevision, hasApplied } from "../../src/flux/revision.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import type { Report } from "../../src/report/report.js";
import { type FluxKind, flux, hr } from "../builders/flux.js";
import { object } from "../builders/kube.js";
import {
  application,
  commit,
  gitRepository,
  kustomization,
  now,
  ready,
  reconciled,
  reportOf,
  revision,
} from "./objects.js";

const newer = "fedcba9876543210fedcba9876543210fedcba98";
const condition = (type: string, status: string, rest: object = {}) => ({
  type,
  status,
  lastTransitionTime: "2026-11-21T09:30:00Z",
  ...rest,
});
const failing = condition("Ready", "False", { reason: "BuildFailed", message: "no such path" });
const busy = [
  condition("Reconciling", "True", { message: "Building manifests" }),
  condition("Ready", "Unknown", { message: "Reconciliation in progress" }),
];
const movedOn = {
  ...gitRepository,
  status: { observedGeneration: 1, conditions: [ready], artifact: { revision: `main@sha1:${newer}` } },
} as LiveObject;

/** Health, sync, phase of the last operation, and types of conditions. */
function words({ status }: Report): string {
  const types = status.conditions?.map(({ type }) => type) ?? [];
  return [status.health?.status, status.sync?.status, status.operationState?.phase ?? "-", ...types].join(
    " ",
  );
}

function withConditions(
  conditions: object[],
  changes: { spec?: object; status?: object } = {},
): FluxWorkload {
  return kustomization([], { ...changes, status: { conditions, ...changes.status } });
}

describe("a Kustomization of another cluster says that its objects are not looked for, and is as Flux says", () => {
  const spec = { kubeConfig: { secretRef: { name: "leaf" } } };
  const reportOn = (status: object, before?: Report) =>
    reportOf([], {
      workload: kustomization(["apps_gone__ConfigMap"], { spec, status }),
      application: before ? { ...application, status: before.status } : application,
    });
  const done = reportOn({});
  const waiting = {
    ...failing,
    reason: "DependencyNotReady",
    message: "dependency 'apps/base' is not ready",
  };
  const busy = { ...ready, status: "Unknown", reason: "Progressing", message: "Reconciliation in progress" };

  test.each<[string, Report, string, message: string]>([
    ["Ready", done, "Healthy Synced Succeeded", `Applied revision: ${revision}`],
    ["failed", reportOn({ conditions: [failing] }), "Degraded OutOfSync Failed SyncError", "no such path"],
    [
      "waiting",
      reportOn({ conditions: [waiting] }, done),
      "Progressing Synced Succeeded DependencyWarning",
      waiting.message,
    ],
    ["looked at again", reportOn({ conditions: [busy] }, done), "Healthy Synced Succeeded", busy.message],
  ])("%s", (_, made, wanted, message) => {
    expect(words(made)).toBe(`${wanted} RemoteClusterWarning`);
    expect(made.tree.nodes.find(({ kind }) => kind === "Kustomization")?.health?.message).toBe(message);
  });
});

test("the conditions say what is wrong, in Flux's words and without credentials", () => {
  const workload = withConditions([
    { ...failing, message: "cannot clone https://bot:hunter2@git.example.com/x" },
  ]);
  expect(reportOf([], { workload }).status.conditions).toEqual([
    {
      type: "SyncError",
      message: "Kustomization podinfo in apps failed: cannot clone https://git.example.com/x",
      lastTransitionTime: "2026-11-21T10:00:00Z",
    },
  ]);
  expect(reportOf([], { workload, sources: [] }).status.conditions).toEqual([
    {
      type: "InvalidSpecError",
      message: "GitRepository podinfo in apps does not exist",
      lastTransitionTime: "2026-11-21T10:00:00Z",
    },
  ]);
});

test.each([
  ["3.6.0", "Caused by kustomize.toolkit.fluxcd.io/Kustomization:apps/podinfo"],
  ["3.5.7", undefined],
])("to Argo CD %s the health says what it comes from", (release, causes) => {
  const { status } = reportOf([], { workload: withConditions([failing]), release });
  expect(status.health).toMatchObject({ status: "Degraded" });
  expect(status.health?.message).toBe(causes);
});

test("a condition keeps the time when it was first reported", () => {
  const workload = withConditions([failing]);
  const before = reportOf([], { workload }).status;
  const later = new Date("2026-11-21T11:00:00Z");
  const again = reportOf([], { workload, application: { ...application, status: before }, now: later });
  expect(again.status.conditions).toEqual(before.conditions);
  const other = withConditions([{ ...failing, message: "something else" }]);
  const changed = reportOf([], {
    workload: other,
    application: { ...application, status: before },
    now: later,
  });
  expect(changed.status.conditions?.[0]?.lastTransitionTime).toBe("2026-11-21T11:00:00Z");
});

describe("an Application of which one object is gone", () => {
  const workload = kustomization([
    "apps_left__ConfigMap",
    "apps_gone_apps_Deployment",
    "apps_x_db.example_Backup",
  ]);
  const healthBy = (release: string | undefined, cm: Record<string, string>, gone: FluxWorkload) =>
    reportOf([object("v1", "ConfigMap", "apps/left")], {
      workload: gone,
      release,
      argo: argoSettingsFrom("argocd", cm, undefined),
    }).status.health?.status;
  const judged = { "resource.customizations.health.db.example_Backup": "return {}" };
  const withoutDeployment = kustomization(["apps_left__ConfigMap", "apps_x_db.example_Backup"]);

  test.each<[string, string | undefined, Record<string, string>, FluxWorkload, string]>([
    ["is not Missing", "3.4.0", {}, workload, "Healthy"],
    ["is not Missing where the release is not known", undefined, {}, workload, "Healthy"],
    ["is Missing before Argo CD 3.4", "3.3.9", {}, workload, "Missing"],
    ["is not for a kind that is never judged", "3.3.9", {}, withoutDeployment, "Healthy"],
    ["is for one that argocd-cm judges", "3.3.9", judged, withoutDeployment, "Missing"],
  ])("%s", (_, release, cm, gone, health) => expect(healthBy(release, cm, gone)).toBe(health));
});

test("a workload that is gone is Missing", () => {
  const made = reportOf([], { workload: undefined });
  expect(words(made)).toBe("Missing Unknown - InvalidSpecError");
  expect(made.status.conditions?.[0]?.message).toBe("Kustomization podinfo in apps does not exist");
  expect(made.tree.nodes).toMatchObject([{ kind: "Kustomization", namespace: "apps", name: "podinfo" }]);
});

test.each<[rest: object, operation: object | undefined, stays: boolean]>([
  [{ phase: "Failed", finishedAt: "2026-11-21T09:01:00Z" }, undefined, true],
  [{ phase: "Running" }, undefined, false],
  [{ phase: "Running" }, { sync: {} }, true],
])("a workload that is gone: the last operation %j, asked for %j, stays: %s", (rest, operation, stays) => {
  const operationState = { operation: {}, message: "", startedAt: "2026-11-21T09:00:00Z", ...rest };
  const synced = { ...application, ...(operation ? { operation } : {}), status: { operationState } };
  const made = reportOf([], { application: synced as Application, workload: undefined });
  expect(made.status.operationState).toEqual(stays ? operationState : undefined);
});

test("a workload that cannot be read is not called gone", () => {
  const unread = [{ group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", because: "forbidden" }];
  const made = reportOf([], { workload: undefined, unread });
  expect(words(made)).toBe("Unknown Unknown - ComparisonError");
});

describe("the last operation", () => {
  test("is the last reconciliation, with what it applied", () => {
    const workload = kustomization(["apps_podinfo__Service", "_apps__Namespace"], {
      status: {
        history: [
          { digest, lastReconciledStatus: "ReconciliationSucceeded", lastReconciledDuration: "1m2.5s" },
        ],
      },
    });
    expect(reportOf([object("v1", "Service", "apps/podinfo")], { workload }).status.operationState).toEqual({
      operation: {
        sync: { revision: commit },
        initiatedBy: { username: "Flux", automated: true },
        info: [
          { name: "flamingo/attempt", value: expect.stringMatching(/^main@sha1:[0-9a-f]{40} [0-9a-f]{16}$/) },
          { name: "flamingo/applied", value: digest },
        ],
      },
      phase: "Succeeded",
      message: `Applied revision: ${revision}`,
      startedAt: "2026-11-21T08:58:57Z",
      finishedAt: "2026-11-21T09:00:00Z",
      syncResult: {
        revision: commit,
        source: application.spec.source,
        resources: [
          {
            group: "",
            version: "v1",
            kind: "Service",
            namespace: "apps",
            name: "podinfo",
            status: "Synced",
            syncPhase: "Sync",
          },
          {
            group: "",
            version: "v1",
            kind: "Namespace",
            namespace: "",
            name: "apps",
            status: "Synced",
            syncPhase: "Sync",
          },
        ],
      },
    });
  });

  test("that failed says so of the workload, since Flux does not say of which object", () => {
    const workload = withConditions([failing], { status: { lastAttemptedRevision: `main@sha1:${newer}` } });
    expect(reportOf([], { workload }).status.operationState).toMatchObject({
      operation: { sync: { revision: newer } },
      message: "no such path",
      finishedAt: "2026-11-21T09:30:00Z",
      syncResult: {
        revision: newer,
        resources: [
          { kind: "Kustomization", name: "podinfo", status: "SyncFailed", message: "no such path" },
        ],
      },
    });
  });

  test("under way has begun and not ended", () => {
    const changed = object("v1", "Service", "apps/podinfo", {
      metadata: {
        labels: { "kustomize.toolkit.fluxcd.io/name": "podinfo" },
        managedFields: [
          { manager: "kustomize-controller", operation: "Apply", time: "2026-11-21T09:30:01Z", fieldsV1: {} },
        ],
      },
    });
    const workload = kustomization(["apps_podinfo__Service"], { status: { conditions: busy } });
    expect(reportOf([changed], { workload, sources: [movedOn] }).status.operationState).toMatchObject({
      operation: { sync: { revision: newer }, initiatedBy: { username: "Flux", automated: true } },
      phase: "Running",
      message: "Building manifests",
      startedAt: "2026-11-21T09:30:00Z",
      syncResult: { revision: newer, source: application.spec.source },
    });
  });

  const asked = (info: object[]): OperationState => ({
    operation: { initiatedBy: { username: "admin" }, info: info as { name: string; value: string }[] },
    phase: "Failed",
    message: "Flux decides what is pruned",
    startedAt: "2026-11-21T09:10:00Z",
    finishedAt: "2026-11-21T09:10:00Z",
  });
  const kept = () => reportOf([]).status.operationState?.operation.info ?? [];
  test.each<[what: string, info: object[], operation: object | undefined, phase: string]>([
    ["that Flux has applied nothing since", kept(), undefined, "Failed"],
    [
      "that Flux has applied something since",
      [{ name: "flamingo/applied", value: "older" }],
      undefined,
      "Succeeded",
    ],
    [
      "that failed, which Flux has mended",
      [...kept(), { name: "flamingo/failed", value: "x" }],
      undefined,
      "Succeeded",
    ],
    ["that is not answered", [], {}, "Failed"],
  ])("after one of somebody's %s", (_, info, operation, phase) => {
    const told: Application = {
      ...application,
      status: { operationState: asked(info) },
      ...(operation ? { operation } : {}),
    };
    expect(reportOf([], { application: told }).status.operationState?.phase).toBe(phase);
  });
});

const helmRelease = (spec: object, status: object) => reconciled(hr("podinfo", spec), status);

const source = (kind: FluxKind, artifactRevision: string, spec: object = {}) =>
  reconciled(flux(kind, kind === "HelmChart" ? "apps-podinfo" : "podinfo", spec), {
    artifact: { revision: artifactRevision },
    observedSourceArtifactRevision: revision,
  });
const fromChart = (kind: string) => ({
  chart: { spec: { chart: "podinfo", sourceRef: { kind, name: "podinfo" } } },
});
const fromOci = { chartRef: { kind: "OCIRepository", name: "podinfo" } };
const deployed = (chartVersion: string, rest: object = {}) => ({
  helmChart: "apps/apps-podinfo",
  lastAttemptedRevision: chartVersion,
  history: [
    { version: 3, status: "failed", chartVersion: "9.9.9", lastDeployed: "2026-11-21T09:00:00Z" },
    { version: 2, status: "deployed", chartVersion, lastDeployed: "2026-11-21T08:00:00Z", ...rest },
    { version: 1, status: "superseded", chartVersion: "6.0.0", lastDeployed: "2026-11-20T08:00:00Z" },
  ],
});
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test.each<[spec: object, status: object, content: LiveObject, applied: boolean | undefined]>([
  [fromChart("HelmRepository"), deployed("6.5.0"), source("HelmChart", "6.5.0"), true],
  [fromChart("HelmRepository"), deployed("6.5.0"), source("HelmChart", "6.6.0"), false],
  [fromChart("HelmRepository"), { helmChart: "apps/apps-podinfo" }, source("HelmChart", "6.6.0"), false],
  [fromChart("HelmRepository"), { lastAppliedRevision: "6.5.0" }, source("HelmChart", "6.5.0"), true],
  [fromOci, deployed("6.5.0+0123456789ab"), source("OCIRepository", `6.5.0@${digest}`), true],
  [fromOci, deployed("6.5.0+ffffffffffff"), source("OCIRepository", `6.5.0@${digest}`), false],
  [fromOci, deployed("6.5.0", { ociDigest: digest }), source("OCIRepository", `latest@${digest}`), true],
  [fromOci, deployed("6.5.0", { ociDigest: "sha256:ff" }), source("OCIRepository", `6.5.0@${digest}`), false],
  [fromOci, deployed("6.5.0"), source("OCIRepository", `6.5.0@${digest}`), true],
  [fromOci, deployed("6.5.0"), source("OCIRepository", `6.6.0@${digest}`), false],
  [fromOci, deployed("6.5.0+1"), source("OCIRepository", `6.5.0_1@${digest}`), true],
  [fromOci, deployed("6.5.0"), source("OCIRepository", `latest@${digest}`), undefined],
])("hasApplied(%j, %j)", (spec, status, content, applied) => {
  expect(hasApplied(helmRelease(spec, status), content)).toBe(applied);
});

test.each<[spec: object, content: LiveObject, revision: string]>([
  [fromChart("HelmRepository"), source("HelmChart", "6.5.0"), "6.5.0"],
  [fromChart("HelmRepository"), source("HelmChart", "6.6.0"), "6.6.0"],
  [fromChart("GitRepository"), source("HelmChart", "6.5.0"), commit],
  [fromOci, source("OCIRepository", `6.6.0_1@${digest}`), "6.6.0+1"],
])("a HelmRelease %j of %j has the revision", (spec, content, expected) => {
  const made = reportOf([], {
    workload: helmRelease(spec, deployed("6.5.0")),
    sources: [content, gitRepository],
  });
  expect(made.status.sync?.revision).toBe(expected);
});

test("a HelmRelease is of Argo CD's source type Helm", () => {
  const workload = helmRelease(fromChart("HelmRepository"), deployed("6.5.0"));
  expect(reportOf([], { workload }).status.sourceType).toBe("Helm");
});

test.each([
  [`main@sha1:${commit}`, commit],
  [`refs/heads/main@sha1:${commit}`, commit],
  [`sha1:${commit}`, commit],
  [`main/${commit}`, commit],
  [`feature/x/${commit}`, commit],
  [`latest@${digest}`, digest],
  [digest, digest],
  ["6.5.0", "6.5.0"],
  ["6.5.0+0123456789ab", "6.5.0+0123456789ab"],
])("argoRevision(%s) is %s", (written, shown) => expect(argoRevision(written)).toBe(shown));

test("a commit of a Git repository that uses sha256 is no digest", () => {
  expect(argoRevision(`main@${digest}`, true)).toBe(digest.slice("sha256:".length));
});

describe("health", () => {
  const deployment = (annotations: object = {}) =>
    object("apps/v1", "Deployment", "apps/podinfo", { metadata: { annotations }, spec: { paused: true } });
  const workload = kustomization(["apps_podinfo_apps_Deployment"]);
  test.each([
    ["is the worst of what is managed", {}, "Suspended"],
    ["leaves out what asks for it", { "argocd.argoproj.io/ignore-healthcheck": "true" }, "Healthy"],
  ])("%s", (_, annotations, health) => {
    expect(reportOf([deployment(annotations)], { workload }).status.health?.status).toBe(health);
  });
});

test("an Application's own links are among its addresses, unless they are no addresses", () => {
  const annotations = {
    "link.argocd.argoproj.io/docs": "Docs|https://docs.example.com",
    "link.argocd.argoproj.io/bad": "javascript:alert(1)",
  };
  const linked = { ...application, metadata: { ...application.metadata, annotations } };
  expect(reportOf([], { application: linked }).status.summary).toEqual({
    externalURLs: ["Docs|https://docs.example.com"],
  });
});

describe("statusPatch()", () => {
  const before: ApplicationStatus = {
    sync: { status: "OutOfSync", revision: "a" },
    resources: [{ kind: "Service", name: "x" }],
    operationState: { operation: {}, phase: "Running", startedAt: "t1", message: "at it" },
    reconciledAt: "t1",
  };
  test.each<[what: string, after: ApplicationStatus, patch: object | undefined]>([
    ["nothing but the time", { ...before, reconciledAt: "t2" }, undefined],
    [
      "one field",
      { ...before, sync: { status: "Synced", revision: "a" }, reconciledAt: "t2" },
      { sync: { status: "Synced" }, reconciledAt: "t2" },
    ],
    [
      "an operation that ended",
      {
        ...before,
        operationState: { operation: {}, phase: "Succeeded", startedAt: "t1", finishedAt: "t2" },
        reconciledAt: "t2",
      },
      { operationState: { phase: "Succeeded", finishedAt: "t2", message: null }, reconciledAt: "t2" },
    ],
    [
      "lists, as a whole",
      { ...before, resources: [], reconciledAt: "t2" },
      { resources: [], reconciledAt: "t2" },
    ],
    [
      "what is new",
      { ...before, history: [], conditions: [{ type: "a", message: "b" }] },
      { conditions: [{ type: "a", message: "b" }], reconciledAt: "t1" },
    ],
    [
      "what is gone",
      { sync: before.sync as object as { status: "Synced" } },
      { resources: null, operationState: null },
    ],
  ])("of %s", (_, after, patch) => expect(statusPatch(before, after)).toEqual(patch));

  test("of a report that was written finds nothing to write", () => {
    const objects = [object("v1", "Service", "apps/podinfo")];
    const workload = kustomization(["apps_podinfo__Service", "apps_gone__ConfigMap"]);
    const { status } = reportOf(objects, { workload });
    const written = JSON.parse(JSON.stringify({ ...application, status }));
    const again = reportOf(objects, {
      workload,
      application: written,
      now: new Date(now.getTime() + 60_000),
    });
    expect(statusPatch(written.status, again.status)).toBeUndefined();
  });

  test("leaves alone what others own", () => {
    const others = { controllerNamespace: "argocd", ...before } as ApplicationStatus;
    expect(statusPatch(others, before)).toBeUndefined();
  });
});
