import { describe, expect, test } from "vitest";
import type { Application, ResourceResult, ResourceStatus } from "../../src/argo/application.js";
import type { ObjectId } from "../../src/kube/object-id.js";
import type { AppliedObject } from "../../src/report/applied.js";
import { type Pass, resultsOf } from "../../src/report/results.js";
import { object } from "../builders/kube.js";
import { application, commit, kustomization, project, ready, reportOf, revision } from "./objects.js";

const before = "2026-11-21T08:00:00Z";
const startedAt = "2026-11-21T08:59:50Z";
const during = "2026-11-21T08:59:55Z";
const finishedAt = "2026-11-21T09:00:00Z";
const after = "2026-11-21T09:10:00Z";

const applied = (name: string, rest: Partial<AppliedObject> = {}): AppliedObject => ({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  namespace: "apps",
  name,
  createdAt: before,
  appliedAt: before,
  ...rest,
});

/** "STATUS Kind/namespace/name MESSAGE" */
const outline = ({ status, kind, namespace, name, message = "-" }: ResourceResult) =>
  `${status} ${kind}/${namespace}/${name} ${message}`;

const results = (changes: Partial<Pass>) =>
  resultsOf({
    workload: kustomization(),
    applied: [],
    startedAt,
    finishedAt,
    failure: undefined,
    known: [],
    permitted: ({ namespace }: ObjectId) => namespace === "apps",
    ...changes,
  }).map(outline);

test.each<[what: string, object: AppliedObject, result: string]>([
  [
    "made",
    applied("x", { createdAt: during, appliedAt: during }),
    "Synced Deployment/apps/x deployment.apps/x created",
  ],
  [
    "made in the second of the start",
    applied("x", { createdAt: startedAt }),
    "Synced Deployment/apps/x deployment.apps/x created",
  ],
  ["changed", applied("x", { appliedAt: during }), "Synced Deployment/apps/x deployment.apps/x configured"],
  ["neither", applied("x"), "Synced Deployment/apps/x deployment.apps/x unchanged"],
  [
    "changed afterwards",
    applied("x", { appliedAt: after }),
    "Synced Deployment/apps/x deployment.apps/x unchanged",
  ],
  ["changed by nobody knows whom", applied("x", { appliedAt: undefined }), "Synced Deployment/apps/x -"],
  ["gone", applied("x", { createdAt: undefined, appliedAt: undefined }), "Synced Deployment/apps/x -"],
  ["pruned", applied("x", { left: "pruned" }), "Pruned Deployment/apps/x pruned"],
  ["kept", applied("x", { left: "kept" }), "PruneSkipped Deployment/apps/x ignored (no prune)"],
  [
    "of the core group",
    applied("x", { group: "", kind: "ConfigMap" }),
    "Synced ConfigMap/apps/x configmap/x unchanged",
  ],
])("an object that was %s", (_, item, result) => {
  expect(results({ applied: [item] })).toEqual([result]);
});

test("what was found out before stays, whatever becomes of the object later", () => {
  const made = applied("x", { createdAt: during });
  const known = resultsOf({
    ...{
      workload: kustomization(),
      applied: [made, applied("y", { left: "pruned" })],
      startedAt,
      finishedAt,
    },
    ...{ failure: undefined, known: [], permitted: () => true },
  });
  expect(results({ applied: [applied("x", { createdAt: after })], known })).toEqual([
    "Synced Deployment/apps/x deployment.apps/x created",
    "Pruned Deployment/apps/y pruned",
  ]);
});

const items = [
  applied("new", { createdAt: during }),
  applied("changed", { appliedAt: during }),
  applied("same"),
];

test("while it goes on there is only what was done", () => {
  expect(results({ applied: items, finishedAt: undefined })).toEqual([
    "Synced Deployment/apps/new deployment.apps/new created",
    "Synced Deployment/apps/changed deployment.apps/changed configured",
  ]);
});

const waiting = "timeout waiting for:";

test.each<[failure: string, expected: string[]]>([
  [
    `${waiting} [Deployment/apps/changed status: 'Failed']`,
    [
      `SyncFailed Deployment/apps/changed ${waiting} Deployment/apps/changed status: 'Failed'`,
      "Synced Deployment/apps/new deployment.apps/new created",
    ],
  ],
  // one that Flux could not make, and says all of
  [
    'Deployment/apps/first dry-run failed (Invalid): Deployment.apps "first" is invalid: no',
    [
      'SyncFailed Deployment/apps/first Deployment/apps/first dry-run failed (Invalid): Deployment.apps "first" is invalid: no',
      "Synced Deployment/apps/new deployment.apps/new created",
      "Synced Deployment/apps/changed deployment.apps/changed configured",
    ],
  ],
  // its group is not said
  [
    "Widget/apps/x dry-run failed: no matches",
    [
      "SyncFailed Kustomization/apps/podinfo Widget/apps/x dry-run failed: no matches",
      "Synced Deployment/apps/new deployment.apps/new created",
      "Synced Deployment/apps/changed deployment.apps/changed configured",
    ],
  ],
  [
    "context deadline exceeded",
    [
      "SyncFailed Kustomization/apps/podinfo context deadline exceeded",
      "Synced Deployment/apps/new deployment.apps/new created",
      "Synced Deployment/apps/changed deployment.apps/changed configured",
    ],
  ],
  // not permitted
  [
    `${waiting} [Deployment/apps/same status: 'Failed', Deployment/secret/place status: 'Failed']`,
    [
      `SyncFailed Deployment/apps/same ${waiting} Deployment/apps/same status: 'Failed'`,
      "Synced Deployment/apps/new deployment.apps/new created",
      "Synced Deployment/apps/changed deployment.apps/changed configured",
    ],
  ],
  [
    'Deployment/secret/place dry-run failed: Deployment.apps "place" is invalid: no',
    [
      "SyncFailed Kustomization/apps/podinfo … dry-run failed: …: no",
      "Synced Deployment/apps/new deployment.apps/new created",
      "Synced Deployment/apps/changed deployment.apps/changed configured",
    ],
  ],
])("failed: %s", (failure, expected) => {
  expect(results({ applied: items, failure })).toEqual(expected);
});

describe("a report", () => {
  const labels = {
    "kustomize.toolkit.fluxcd.io/name": "podinfo",
    "kustomize.toolkit.fluxcd.io/namespace": "apps",
  };
  const byFlux = (time: string) => [
    { manager: "kustomize-controller", operation: "Apply", time, fieldsV1: { "f:data": {} } },
  ];
  const map = (name: string, metadata: object) =>
    object("v1", "ConfigMap", `apps/${name}`, { metadata: { labels, ...metadata } });
  const objects = [
    map("new", { creationTimestamp: during, managedFields: byFlux(during) }),
    map("changed", { creationTimestamp: before, managedFields: byFlux(during) }),
    map("same", { creationTimestamp: before, managedFields: byFlux(before) }),
    map("kept", { annotations: { "kustomize.toolkit.fluxcd.io/prune": "disabled" } }),
    map("late", {}),
    map("ending", { deletionTimestamp: during }),
    map("moved", { labels: { ...labels, "kustomize.toolkit.fluxcd.io/name": "other" } }),
  ];
  const status = {
    conditions: [{ ...ready, lastTransitionTime: finishedAt }],
    history: [
      {
        firstReconciled: startedAt,
        lastReconciledDuration: "10s",
        lastReconciledStatus: "ReconciliationSucceeded",
        metadata: { revision },
      },
    ],
  };
  const workload = kustomization(["apps_new__ConfigMap", "apps_changed__ConfigMap", "apps_same__ConfigMap"], {
    spec: { prune: true },
    status,
  });
  const reported = (name: string): ResourceStatus => ({
    version: "v1",
    kind: "ConfigMap",
    namespace: "apps",
    name,
  });
  const told = (...names: string[]): Application =>
    ({ ...application, status: { resources: names.map(reported) } }) as Application;
  const all = told("changed", "same", "gone", "kept", "late", "ending", "moved");

  test("says what was done to each object", () => {
    const { operationState } = reportOf(objects, { workload, application: all }).status;
    expect(operationState).toMatchObject({ phase: "Succeeded", startedAt, finishedAt });
    expect(operationState?.syncResult?.revision).toBe(commit);
    expect(operationState?.syncResult?.resources?.map(outline)).toEqual([
      "Synced ConfigMap/apps/new configmap/new created",
      "Synced ConfigMap/apps/changed configmap/changed configured",
      "Synced ConfigMap/apps/same configmap/same unchanged",
      "Pruned ConfigMap/apps/gone pruned",
      "PruneSkipped ConfigMap/apps/kept ignored (no prune)",
      "Pruned ConfigMap/apps/ending pruned",
    ]);
  });

  test("remembers what was pruned while Flux went on", () => {
    const conditions = [
      { type: "Reconciling", status: "True", lastTransitionTime: startedAt },
      { ...ready, status: "Unknown", lastTransitionTime: startedAt },
    ];
    const busy = kustomization(["apps_same__ConfigMap"], {
      status: { ...status, conditions, lastAppliedRevision: "main@sha1:0" },
    });
    const running = reportOf(objects, { workload: busy, application: all }).status;
    expect(running.operationState?.phase).toBe("Running");
    const pruned = ["Pruned ConfigMap/apps/gone pruned", "Pruned ConfigMap/apps/ending pruned"];
    const soFar = running.operationState?.syncResult?.resources?.map(outline);
    expect(soFar).toEqual(expect.arrayContaining(pruned));
    const next = { ...application, status: { ...running, resources: [] } } as Application;
    const { operationState } = reportOf(objects, { workload, application: next }).status;
    expect(operationState?.syncResult?.resources?.map(outline)).toEqual(expect.arrayContaining(pruned));
  });

  test("has nothing of the operation before, though both were over in the same second", () => {
    const first = reportOf(objects, { workload, application: all }).status;
    const conditions = [{ ...ready, status: "False", message: "broken", lastTransitionTime: finishedAt }];
    const failed = kustomization(["apps_new__ConfigMap"], {
      status: { conditions, lastAttemptedRevision: "main@sha1:0" },
    });
    const next = { ...application, status: { ...first, resources: [] } } as Application;
    const { operationState } = reportOf(objects, { workload: failed, application: next }).status;
    expect(operationState).toMatchObject({ phase: "Failed", finishedAt });
    expect(operationState?.syncResult?.resources?.map(outline)).toEqual([
      "SyncFailed Kustomization/apps/podinfo broken",
    ]);
  });

  test("does not say of what it cannot read, or of another cluster, that it was pruned", () => {
    const unread = [{ group: "", kind: "ConfigMap", because: "forbidden" }];
    const elsewhere = kustomization([], { spec: { kubeConfig: {} }, status });
    for (const made of [
      reportOf([], { workload, application: told("gone"), unread }),
      reportOf([], { workload: elsewhere, application: told("gone") }),
    ])
      expect(JSON.stringify(made.status.operationState)).not.toMatch(/pruned/);
  });

  test("names nothing that the AppProject does not permit", () => {
    const failing = kustomization(["apps_new__ConfigMap", "secret_place_apps_Deployment"], {
      status: {
        conditions: [
          { ...ready, status: "False", message: `${waiting} [Deployment/secret/place status: 'Failed']` },
        ],
      },
    });
    const { syncResult } =
      reportOf(objects, {
        workload: failing,
        application: {
          ...application,
          status: { resources: [{ ...reported("gone"), namespace: "secret" }] },
        } as Application,
        project: project({ destinations: [{ server: "*", namespace: "apps" }] }),
      }).status.operationState ?? {};
    expect(syncResult?.resources?.length).toBeGreaterThan(0);
    expect(JSON.stringify(syncResult)).not.toMatch(/secret/);
  });
});
