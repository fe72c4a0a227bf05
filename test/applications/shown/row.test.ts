import { describe, expect, test } from "vitest";
import type { Known, Shown } from "../../../src/applications/shown/row.js";
import { sortRows } from "../../../src/applications/shown/row.js";
import type { Application } from "../../../src/argo/application.js";
import type { LiveObject } from "../../../src/kube/object.js";
import { generated } from "../../builders/argo.js";
import { charts, flux, hr, ks, src } from "../../builders/flux.js";
import { failed, knownOf, ready, reported, rowOf, settled, unshown } from "./scene.js";

const revision = "main@sha1:0123456789abcdef0123456789abcdef01234567";
const applied = `Applied revision: ${revision}`;
const source = settled(src, ready("stored artifact"));
const web = settled(ks("web"), ready(applied, {}, { lastAppliedRevision: revision }));
const app: Application = { ...generated(ks("web")), ...reported };

type Told = Pick<Shown, "ready" | "state" | "message">;

describe("what Flux says", () => {
  test.each<[string, LiveObject[], Told]>([
    ["ready", [web, source], { state: "ready", ready: "True", message: applied }],
    [
      "the workload gone",
      [source],
      { state: "gone", ready: null, message: "Kustomization web in apps does not exist" },
    ],
    [
      "the source gone, whatever Flux said last",
      [web],
      { state: "sourceGone", ready: "True", message: "its source GitRepository src in apps does not exist" },
    ],
    [
      "the source failed",
      [web, settled(src, failed("GitOperationFailed", "authentication required"))],
      {
        state: "sourceFailed",
        ready: "True",
        message: "its source GitRepository src in apps failed: authentication required",
      },
    ],
    [
      "nothing yet",
      [settled(ks("web")), source],
      { state: "unseen", ready: "Unknown", message: "waiting to be reconciled" },
    ],
    [
      "a failure",
      [settled(ks("web"), failed("BuildFailed", "kustomize build failed: no such file")), source],
      { state: "failed", ready: "False", message: "kustomize build failed: no such file" },
    ],
    [
      "stalled",
      [
        settled(ks("web"), {
          status: {
            observedGeneration: 1,
            conditions: [
              { type: "Stalled", status: "True", reason: "InvalidSpec", message: "no such target" },
              { type: "Ready", status: "False", reason: "InvalidSpec", message: "no such target" },
            ],
          },
        }),
        source,
      ],
      { state: "failed", ready: "False", message: "stalled: no such target" },
    ],
    [
      "reconciling",
      [
        settled(ks("web"), {
          status: {
            observedGeneration: 1,
            conditions: [
              { type: "Reconciling", status: "True", reason: "Progressing", message: "Detecting drift" },
              {
                type: "Ready",
                status: "Unknown",
                reason: "Progressing",
                message: "Reconciliation in progress",
              },
            ],
          },
        }),
        source,
      ],
      { state: "reconciling", ready: "Unknown", message: "Detecting drift" },
    ],
    [
      "a generation behind",
      [{ ...web, metadata: { ...web.metadata, generation: 3 } }, source],
      {
        state: "stale",
        ready: "Unknown",
        message: `generation 3 is not reconciled yet, Flux has seen 1; before it: ${applied}`,
      },
    ],
    [
      "being deleted",
      [{ ...web, metadata: { ...web.metadata, deletionTimestamp: "2026-01-02T03:04:05Z" } }, source],
      { state: "deleting", ready: "True", message: "it is being deleted" },
    ],
    [
      "the source not fetched yet",
      [settled(ks("web"), failed("ArtifactFailed", "Source artifact not found, retrying in 30s")), source],
      {
        state: "waiting",
        ready: "False",
        message: "waits for its source: Source artifact not found, retrying in 30s",
      },
    ],
    [
      "dependencies, to the bottom of it",
      [
        settled(
          ks("web", { dependsOn: [{ name: "base" }] }),
          failed("DependencyNotReady", "dependency not ready"),
        ),
        settled(
          ks("base", { dependsOn: [{ name: "crds", namespace: "infra" }] }),
          failed("DependencyNotReady", "x"),
        ),
        settled(ks("infra/crds"), failed("BuildFailed", "no such file")),
        source,
      ],
      {
        state: "waiting",
        ready: "False",
        message:
          "waits for Kustomization base in apps, which waits for Kustomization crds in infra, which failed: no such file",
      },
    ],
  ])("%s", (_, objects, told) => expect(rowOf(app, knownOf(objects))).toMatchObject(told));

  test.each<[string, object, object, string]>([
    ["nobody knows by whom", {}, {}, "suspended"],
    [
      "noted",
      {
        annotations: {
          "flamingo/suspend-reason": "the database is moved",
          "flamingo/suspend-by": "alice",
          "flamingo/suspend-at": "2026-01-15T00:00:00Z",
        },
      },
      ready(applied),
      "suspended since 2026-01-15T00:00:00Z, by alice: the database is moved",
    ],
    [
      "by hand, and failing before",
      {
        managedFields: [
          { manager: "kubectl", time: "2026-01-01T00:00:00Z", fieldsV1: { "f:spec": { "f:suspend": {} } } },
        ],
      },
      failed("BuildFailed", "no such file"),
      "suspended since 2026-01-01T00:00:00Z, last written by kubectl; failed before it: no such file",
    ],
  ])("suspended: %s", (_, metadata, status, message) => {
    // suspending makes a generation that nobody looks at
    const workload = settled(ks("web", { suspend: true }, { generation: 2, ...metadata }), status);
    expect(rowOf(app, knownOf([workload]))).toMatchObject({ state: "suspended", suspended: true, message });
  });

  test.each<[string, boolean, Told]>([
    [
      "that waits tells more than it says itself",
      false,
      {
        state: "sourceFailed",
        ready: "False",
        message: "its source HelmChart apps-web in apps failed: no chart version found for web-2.x",
      },
    ],
    [
      "is no matter where the HelmRelease is content",
      true,
      { state: "ready", ready: "True", message: "upgraded" },
    ],
  ])("a HelmChart %s", (_, isReady, told) => {
    const condition = isReady ? {} : { status: "False", reason: "SourceNotReady" };
    const message = isReady ? "upgraded" : "HelmChart 'apps/apps-web' is not ready";
    const release = settled(hr("web"), ready(message, condition, { helmChart: "apps/apps-web" }));
    const chart = settled(
      flux("HelmChart", "apps-web", { sourceRef: { kind: "HelmRepository", name: "charts" } }),
      failed("ChartPullError", "no chart version found for web-2.x"),
    );
    const repository = settled(charts, ready("stored artifact"));
    const shown = rowOf({ ...generated(hr("web")), ...reported }, knownOf([release, chart, repository]));
    expect(shown).toMatchObject(told);
  });

  test("half of the rights missing: what can be told is told", () => {
    const cannot = rowOf(app, knownOf([source], {}, ["Kustomization"]));
    expect(cannot).toMatchObject({
      state: "unread",
      ready: null,
      suspended: null,
      sourceType: "GitRepository",
      message: "flamingo cannot list Kustomizations: it is forbidden",
    });
    expect(rowOf(app, knownOf([web], {}, ["GitRepository"]))).toMatchObject({
      state: "ready",
      message: applied,
    });
  });

  test("no Flux", () =>
    expect(rowOf(app, knownOf([], { isServed: () => false }))).toMatchObject({
      state: "notServed",
      message: "Kustomization web in apps does not exist: the cluster serves no Kustomization of Flux",
    }));

  test("on another cluster", () => {
    const elsewhere = {
      ...generated(ks("web"), { server: "https://10.0.0.1", clusterName: "dev-1" }),
      ...reported,
    };
    expect(rowOf(elsewhere, knownOf([web, source]))).toMatchObject({
      state: "elsewhere",
      cluster: "dev-1",
      ready: null,
      message: "its workload is on the cluster dev-1, which is not looked at",
      notes: [],
    });
  });
});

describe("what Argo CD shows otherwise", () => {
  const fsa: Application = { ...generated(ks("web"), { engine: "fsa" }), ...reported };
  const release = settled(hr("web", { driftDetection: { mode: "warn" } }), {
    status: {
      observedGeneration: 1,
      conditions: [
        { type: "Ready", status: "True", reason: "UpgradeSucceeded", message: "Helm upgrade succeeded" },
        {
          type: "Drifted",
          status: "True",
          reason: "DriftDetected",
          message:
            "Deployment/apps/web changed (0 additions, 1 changes, 0 removals)\nService/apps/web removed\n",
        },
      ],
    },
  });
  const labelled = (labels: object): Application => ({
    ...app,
    metadata: { ...app.metadata, labels: { ...app.metadata.labels, ...labels } as Record<string, string> },
  });
  const silence = { silenceAbout: () => "nobody runs flamingo loopback since 2026-01-01T00:00:00Z" };
  const complaint = {
    status: { ...reported.status, conditions: [{ type: "ComparisonError", message: "cannot load state" }] },
  };

  test.each<[string, Application, Partial<Known>, Record<string, string>]>([
    ["nothing", app, {}, {}],
    [
      "drift",
      { ...generated(hr("web")), ...reported },
      {},
      {
        drifted:
          "drifted: Deployment/apps/web changed (0 additions, 1 changes, 0 removals), Service/apps/web removed",
      },
    ],
    [
      "labels of another kind of source",
      labelled({ "flamingo/source-type": "Bucket" }),
      {},
      {
        "labels-disagree":
          "its labels disagree with what it shows: flamingo/source-type is Bucket, and its source is a GitRepository",
      },
    ],
    [
      "labels of another namespace",
      labelled({ "flamingo/destination-namespace": "old" }),
      {},
      { "labels-disagree": "its labels disagree with what it shows: flamingo/destination-namespace is old" },
    ],
    [
      "nobody reports it any more",
      app,
      silence,
      {
        "engine-stopped":
          "Argo CD shows an old state of it: nobody runs flamingo loopback since 2026-01-01T00:00:00Z",
      },
    ],
    [
      "nobody has ever reported it",
      generated(ks("web")),
      silence,
      {
        "engine-stopped":
          "Argo CD shows nothing of it: nobody runs flamingo loopback since 2026-01-01T00:00:00Z",
      },
    ],
    [
      "not yet reported",
      generated(ks("web")),
      {},
      { "not-reported": "flamingo loopback has not reported it yet" },
    ],
    [
      "left to Argo CD's controller",
      { ...app, metadata: { ...app.metadata, annotations: { "flamingo/engine": "loopback" } } },
      silence,
      {
        "skip-reconcile-lost":
          "Argo CD reconciles it by itself, since it lacks argocd.argoproj.io/skip-reconcile",
      },
    ],
    [
      "an image that cannot show it",
      { ...fsa, status: { health: { status: "Healthy" } } },
      { limitOf: () => "the FSA image that runs shows nothing of it: it is too old" },
      {
        "image-does-not-show": "the FSA image that runs shows nothing of it: it is too old",
        "green-but-empty": "Argo CD shows it Healthy, with nothing below it",
      },
    ],
    [
      "an engine that is not its own",
      app,
      { limitOf: () => "the FSA image that runs shows nothing of it: it is too old" },
      {},
    ],
    [
      "Argo CD's complaint",
      { ...fsa, ...complaint },
      {},
      { "argocd-error": "Argo CD says ComparisonError: cannot load state" },
    ],
    ["an old complaint", { ...app, ...complaint }, silence, { "engine-stopped": expect.any(String) }],
  ])("%s", (_, application, changes, notes) => {
    const row = rowOf(application, knownOf([web, source, release, charts], changes));
    expect(Object.fromEntries(row.notes.map(({ id, text }) => [id, text]))).toEqual(notes);
    for (const { text } of row.notes) expect(row.message).toContain(`; ${text}`);
  });

  test("a complaint that only repeats Flux is left out", () => {
    const workload = settled(ks("web"), failed("BuildFailed", "no such file"));
    expect(rowOf({ ...app, ...complaint }, knownOf([workload, source])).message).toBe("no such file");
  });
});

test("a row is whole", () => {
  expect(
    rowOf(
      { ...app, metadata: { ...app.metadata, creationTimestamp: "2026-01-01T00:00:00Z" } },
      knownOf([web, source]),
    ),
  ).toEqual({
    name: "web",
    appNamespace: "argocd",
    workload: { kind: "Kustomization", namespace: "apps", name: "web" },
    sourceType: "GitRepository",
    cluster: "in-cluster",
    engine: "loopback",
    suspended: false,
    suspendedSince: null,
    revision: "0123456789abcdef0123456789abcdef01234567",
    state: "ready",
    ready: "True",
    message: applied,
    health: "Healthy",
    notes: [],
    createdAt: "2026-01-01T00:00:00Z",
    command: null,
  });
});

test("a workload that no Application shows is told with what makes one", () => {
  expect(unshown(web, knownOf([web, source]))).toMatchObject({
    name: null,
    appNamespace: null,
    state: "ready",
    message: `${applied}; no Application shows it: flamingo generate-app ks/web -n apps`,
    command: "flamingo generate-app ks/web -n apps",
  });
  expect(unshown(web, knownOf([web, source]), "tenant").command).toBe(
    "flamingo generate-app ks/web -n apps -N tenant",
  );
});

test("rows are sorted by namespace and name, what none shows behind", () => {
  const known = knownOf([]);
  const rows = [
    unshown(ks("apps/a"), known),
    rowOf(generated(ks("web/a")), known),
    rowOf(generated(ks("apps/b")), known),
    rowOf(generated(ks("apps/b"), { namespace: "a-team" }), known),
  ];
  expect(
    sortRows(rows).map(
      ({ appNamespace, workload }) => `${appNamespace} ${workload.namespace}/${workload.name}`,
    ),
  ).toEqual(["a-team apps/b", "argocd apps/b", "null apps/a", "argocd web/a"]);
});
