import { describe, expect, test } from "vitest";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { flux, rset } from "../builders/flux.js";
import { live, type object } from "../builders/kube.js";
import { commit, gitRepository, kustomization, reconciled } from "../report/objects.js";
import {
  applicationWith,
  helmChart,
  helmRelease,
  helmRepository,
  outline,
  requestedAt,
  Scene,
  situation,
  syncOf,
  token,
} from "./answers-scene.js";

const next = "89abcdef0123456789abcdef0123456789abcdef";
const failing = { status: "False", reason: "BuildFailed", message: "kustomize build failed" } as const;

describe("a Sync of a Kustomization", () => {
  test("asks for the source, then for the workload, and ends as Flux says", () => {
    const scene = new Scene();
    scene.press(syncOf({ revision: next }));
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    expect(scene.application.operation).toBeDefined();
    expect(scene.application.status?.operationState).toMatchObject({
      phase: "Running",
      message: "Flux is asked to reconcile GitRepository podinfo in apps",
      startedAt: "2026-11-21T10:00:00Z",
      operation: { sync: { revision: next }, initiatedBy: { username: "admin" } },
    });
    expect(scene.look()).toEqual([]);

    scene.handle("GitRepository", {}, { artifact: { revision: `main@sha1:${next}` } });
    expect(scene.look()).toEqual(["patch", "ask Kustomization/podinfo"]);
    expect(scene.object("Kustomization").metadata.annotations).toEqual({
      [requestedAt]: token,
      "event.toolkit.fluxcd.io/requestedBy": "admin",
    });
    expect(scene.look()).toEqual([]);

    const applied = { lastAppliedRevision: `main@sha1:${next}`, lastAttemptedRevision: `main@sha1:${next}` };
    scene.handle("Kustomization", { message: `Applied revision: main@sha1:${next}` }, applied);
    const deployment = {
      group: "apps",
      version: "v1",
      kind: "Deployment",
      namespace: "apps",
      name: "podinfo",
    };
    expect(scene.look({ applied: [deployment] })).toEqual(["patch"]);
    expect(scene.object("Kustomization").metadata.annotations).toEqual({ [requestedAt]: token });
    expect(scene.application.operation).toBeUndefined();
    expect(scene.application.status).toMatchObject({
      reconciledAt: "2026-11-21T10:00:04Z",
      operationState: {
        phase: "Succeeded",
        message: `Applied revision: main@sha1:${next}`,
        startedAt: "2026-11-21T10:00:00Z",
        finishedAt: "2026-11-21T10:00:04Z",
        syncResult: {
          revision: next,
          source: scene.application.spec?.source,
          resources: [{ ...deployment, status: "Synced", syncPhase: "Sync" }],
        },
      },
    });
    expect(scene.application.status?.operationState?.operation).toEqual({
      ...syncOf({ revision: next }),
      info: [
        { name: "flamingo/attempt", value: expect.stringContaining(`main@sha1:${next} `) },
        { name: "flamingo/applied", value: `main@sha1:${next}` },
      ],
    });
    expect(scene.look()).toEqual([]);
  });

  test("is in the history in the moment in which it ends", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository", {}, { artifact: { revision: `main@sha1:${next}` } });
    scene.look();
    const reconciled = {
      firstReconciled: "2026-11-21T10:00:02Z",
      metadata: { revision: `main@sha1:${next}` },
    };
    const history = [{ ...reconciled, lastReconciledStatus: "ReconciliationSucceeded" }];
    scene.handle("Kustomization", {}, { history, lastAppliedRevision: `main@sha1:${next}` });
    scene.look();
    expect(scene.application.operation).toBeUndefined();
    expect(scene.application.status?.history).toEqual([
      {
        id: 0,
        revision: next,
        deployStartedAt: "2026-11-21T10:00:00Z",
        deployedAt: "2026-11-21T10:00:02Z",
        initiatedBy: { username: "admin" },
        source: scene.application.spec?.source,
      },
    ]);
  });

  test("fails with the message of the workload, although Flux goes on trying", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository", {}, { artifact: { revision: `main@sha1:${next}` } });
    scene.look();
    const conditions = [
      { type: "Reconciling", status: "True", reason: "ProgressingWithRetry", message: "Building" },
      { type: "Ready", ...failing, lastTransitionTime: "2026-11-21T10:00:05Z" },
    ];
    scene.handle("Kustomization", {}, { conditions, lastAttemptedRevision: `main@sha1:${next}` });
    scene.look();
    expect(scene.application.status?.operationState).toMatchObject({
      phase: "Failed",
      message: "kustomize build failed",
      syncResult: {
        revision: next,
        resources: [{ kind: "Kustomization", status: "SyncFailed", message: "kustomize build failed" }],
      },
    });
  });

  test("fails with the message of a source, and leaves the workload alone", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository", { status: "False", message: "cannot clone https://user:pw@git.example/x" });
    expect(scene.look()).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual([
      "Failed",
      "GitRepository podinfo in apps failed: cannot clone https://git.example/x",
    ]);
    expect(scene.object("Kustomization").metadata.annotations).toEqual({});
  });

  test("tells what Flux is doing", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository");
    scene.look();
    const conditions = [
      { type: "Reconciling", status: "True", message: "Running health checks" },
      { type: "Ready", status: "Unknown" },
    ];
    scene.change("Kustomization", { status: { conditions } });
    expect(scene.look()).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual([
      "Running",
      "Kustomization podinfo in apps: Running health checks",
    ]);
    expect(scene.look()).toEqual([]);
  });

  test.each<[string, { ready?: object; reconciling?: true; artifact?: string; handled?: string }]>([
    ["a reconciliation that began before", { handled: "earlier" }],
    ["checks that a newer one cancelled", { ready: { status: "False", reason: "HealthCheckCanceled" } }],
    ["one that has only begun", { ready: { status: "Unknown" } }],
    ["the next one, which has only begun", { reconciling: true }],
    ["one of the artifact before, which the controller still saw", { artifact: `main@sha1:${next}` }],
  ])("waits while Flux tells of %s", (_, { ready = {}, reconciling, artifact, handled }) => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository", {}, artifact ? { artifact: { revision: artifact } } : {});
    scene.look();
    scene.handle("Kustomization", ready, handled ? { lastHandledReconcileAt: handled } : {});
    if (reconciling) {
      const { conditions = [] } = (scene.object("Kustomization") as FluxWorkload).status ?? {};
      scene.change("Kustomization", {
        status: { conditions: [...conditions, { type: "Reconciling", status: "True" }] },
      });
    }
    expect(scene.look()).toEqual([]);
    expect(scene.phase).toBe("Running");
  });

  test("is about what the source held when the workload was asked, whatever comes after it", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository");
    scene.look();
    scene.handle(
      "GitRepository",
      { status: "False", message: "gone" },
      { artifact: { revision: `main@sha1:${next}` } },
    );
    expect(scene.look()).toEqual([]);
    scene.handle("Kustomization");
    scene.look();
    expect(scene.application.status?.operationState).toMatchObject({
      phase: "Succeeded",
      syncResult: { revision: commit },
    });
  });

  test("a reconciliation that failed before it was asked for is no result", () => {
    const scene = new Scene();
    scene.change("Kustomization", { metadata: { annotations: { [requestedAt]: "before" } } });
    scene.handle("Kustomization", failing);
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository");
    expect(scene.look()).toEqual(["patch", "ask Kustomization/podinfo"]);
    expect(scene.look()).toEqual([]);
    scene.handle("Kustomization");
    scene.look();
    expect(scene.phase).toBe("Succeeded");
  });
});

describe("tokens are texts", () => {
  test("a controller whose clock is ahead is waited for all the same", () => {
    const scene = new Scene();
    scene.change("GitRepository", { metadata: { annotations: { [requestedAt]: "2030-01-01T00:00:00Z" } } });
    scene.handle("GitRepository");
    scene.press(syncOf());
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    expect(scene.look()).toEqual([]);
  });

  test("somebody who asks later is heard in our place", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.handle("GitRepository");
    scene.look();
    scene.change("Kustomization", { metadata: { annotations: { [requestedAt]: "By Argo CD at: 1999" } } });
    expect(scene.look()).toEqual([]);
    scene.handle("Kustomization");
    scene.look();
    expect(scene.phase).toBe("Succeeded");
  });

  test("a request that somebody removed is made again, with the same token", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.look();
    scene.change("GitRepository", { metadata: { annotations: { [requestedAt]: null } } });
    expect(scene.look()).toEqual(["ask GitRepository/podinfo"]);
    expect(scene.object("GitRepository").metadata.annotations).toEqual({ [requestedAt]: token });
  });

  test("what was read before the request arrived there is no reply to it, and asked as it was then", () => {
    const scene = new Scene();
    const annotations = { [requestedAt]: "old" };
    scene.change("GitRepository", { metadata: { resourceVersion: "old", annotations } });
    scene.handle("GitRepository");
    const old = scene.object("GitRepository");
    scene.press(syncOf());
    scene.look();
    scene.change("GitRepository", { metadata: old.metadata });
    const sources = [scene.object("GitRepository")];
    const answer = answerFor(situation({ application: scene.application, sources }));
    // which the API server does not take of what has changed
    expect(answer?.steps).toContainEqual(
      expect.objectContaining({ annotations: { [requestedAt]: token }, resourceVersion: "old" }),
    );
  });
});

describe("a Sync of a HelmRelease", () => {
  test("asks for repository, chart and release, one after the other", () => {
    const scene = new Scene(helmRelease, [helmChart, helmRepository]);
    scene.press(syncOf({ revision: "6.6.0" }));
    expect(scene.look()).toEqual(["patch", "ask HelmRepository/charts"]);
    scene.handle("HelmRepository");
    expect(scene.look()).toEqual(["patch", "ask HelmChart/apps-podinfo"]);
    expect(scene.look()).toEqual([]);
    scene.handle("HelmChart", {}, { artifact: { revision: "6.6.0" } });
    expect(scene.look()).toEqual(["patch", "ask HelmRelease/podinfo"]);
    scene.handle(
      "HelmRelease",
      { message: "Helm upgrade succeeded" },
      {
        lastAttemptedRevision: "6.6.0",
        history: [{ version: 2, chartVersion: "6.6.0", status: "deployed" }],
      },
    );
    scene.look();
    expect(scene.application.status?.operationState).toMatchObject({
      phase: "Succeeded",
      message: "Helm upgrade succeeded",
      syncResult: { revision: "6.6.0" },
    });
  });

  test.each<[string, FluxWorkload, ReturnType<typeof object>[], string[]]>([
    [
      "an OCI registry is only an address",
      helmRelease,
      [
        { ...helmRepository, spec: { type: "oci", url: "oci://r.example/charts" } } as typeof helmRepository,
        helmChart,
      ],
      ["patch", "ask HelmChart/apps-podinfo"],
    ],
    ["without a HelmChart yet", helmRelease, [helmRepository], ["patch", "ask HelmRepository/charts"]],
    [
      "a chartRef",
      { ...helmRelease, spec: { chartRef: { kind: "OCIRepository", name: "podinfo" } } } as FluxWorkload,
      [live(flux("OCIRepository", "podinfo"))],
      ["patch", "ask OCIRepository/podinfo"],
    ],
  ])("%s", (_, workload, sources, expected) => {
    const application = applicationWith({ operation: syncOf({ revision: "6.5.0" }) });
    expect(outline(answerFor(situation({ application, workload, sources })))).toEqual(expected);
  });

  test("a source of a source is asked first, what nobody reconciles not at all", () => {
    const workload = kustomization([], { spec: { sourceRef: { kind: "ExternalArtifact", name: "made" } } });
    const sources = [{ kind: "GitRepository", name: "podinfo", alias: "a" }];
    const generator = live(flux("ArtifactGenerator", "gen", { sources }));
    const artifact = live({
      ...flux("ExternalArtifact", "made", { sourceRef: { kind: "ArtifactGenerator", name: "gen" } }),
      status: { artifact: { revision: "latest@sha256:00" } },
    });
    const scene = new Scene(workload, [artifact, generator, gitRepository]);
    scene.press(syncOf());
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    scene.handle("GitRepository");
    expect(scene.look()).toEqual(["patch", "ask ArtifactGenerator/gen"]);
    scene.handle("ArtifactGenerator");
    expect(scene.look()).toEqual(["patch", "ask Kustomization/podinfo"]);
  });
});

const suspendedGit = { ...gitRepository, spec: { suspend: true } } as typeof gitRepository;

describe("a Sync of a ResourceSet", () => {
  test("asks the Flux Operator, and for nothing before", () => {
    const scene = new Scene(reconciled(rset("podinfo")), []);
    scene.press(syncOf({ revision: next }));
    expect(scene.look()).toEqual(["patch", "ask ResourceSet/podinfo"]);
    expect(scene.look()).toEqual([]);
    scene.handle("ResourceSet", { message: "Reconciliation finished in 2s" });
    scene.look();
    expect(scene.object("ResourceSet").metadata.annotations).toEqual({ [requestedAt]: token });
    expect(scene.phase).toBe("Succeeded");
    expect(scene.message).toBe("Reconciliation finished in 2s");
  });

  test("that is switched off fails at once", () => {
    const annotations = { "fluxcd.controlplane.io/reconcile": "disabled" };
    const scene = new Scene(reconciled(rset("podinfo", {}, { annotations })), []);
    scene.press(syncOf({ revision: next }));
    scene.look();
    expect(scene.phase).toBe("Failed");
    expect(scene.message).toMatch(/^ResourceSet podinfo in apps is suspended: resume it first/);
  });
});

describe("sources that are left alone", () => {
  test.each<[string, Parameters<typeof situation>[0], string]>([
    [
      "suspended",
      { sources: [suspendedGit] },
      "done; GitRepository podinfo in apps is suspended and was not fetched",
    ],
    [
      "not permitted",
      { permitted: ({ kind }) => kind !== "GitRepository" },
      "done; a source that the AppProject does not permit was not fetched",
    ],
  ])("%s", (_, { sources = [gitRepository], ...changes } = {}, message) => {
    const scene = new Scene(kustomization(), sources);
    scene.press(syncOf());
    expect(scene.look(changes)).toEqual(["patch", "ask Kustomization/podinfo"]);
    scene.handle("Kustomization");
    scene.look(changes);
    expect([scene.phase, scene.message]).toEqual(["Succeeded", message]);
    expect(JSON.stringify(scene.application.status)).not.toContain(
      changes.permitted ? "GitRepository" : "nothing of the kind",
    );
  });
});

test("a Sync that has begun goes on when the window closes", () => {
  const scene = new Scene();
  scene.press(syncOf());
  scene.look();
  scene.handle("GitRepository");
  expect(scene.look({ closed: "Cannot sync: not now" })).toEqual(["patch", "ask Kustomization/podinfo"]);
});

describe("what cannot be done fails at once", () => {
  const suspended = kustomization([], { spec: { suspend: true } });
  const unread = [{ group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", because: "forbidden" }];
  const elsewhere = { repoURL: "https://evil.example", path: "kustomize", targetRevision: "main" };
  const noSource = { sources: [], workload: kustomization() };
  test.each<[string, object, Parameters<typeof situation>[0], string]>([
    [
      "a denial",
      {},
      { denial: "The AppProject default does not permit it" },
      "The AppProject default does not permit it",
    ],
    ["a closed window", {}, { closed: "Cannot sync: not now" }, "Cannot sync: not now"],
    [
      "no workload",
      {},
      { workload: undefined },
      "Kustomization podinfo in apps does not exist; to delete the Application: flamingo delete podinfo",
    ],
    [
      "an unreadable one",
      {},
      { workload: undefined, unread },
      "Cannot read Kustomization podinfo in apps: forbidden",
    ],
    ["no source", {}, noSource, "GitRepository podinfo in apps does not exist"],
    ["no source, hidden", {}, { ...noSource, permitted: () => false }, "Its source does not exist"],
    [
      "suspended",
      {},
      { workload: suspended },
      "Kustomization podinfo in apps is suspended: resume it first (flamingo resume podinfo)",
    ],
    [
      "a dry run",
      { dryRun: true },
      {},
      "Cannot sync as a dry run: Flux reconciles or does not; to see what it would change: flux diff kustomization podinfo -n apps --path FOLDER",
    ],
    [
      "local manifests",
      { manifests: ["{}"] },
      {},
      "Cannot sync local manifests: Flux applies what its source holds; once they are there: flamingo reconcile podinfo --with-source",
    ],
    [
      "some objects",
      { resources: [{ kind: "Deployment", name: "podinfo", group: "apps" }] },
      {},
      "Cannot sync single objects: Flux applies all that Kustomization podinfo in apps makes; to have that done: flamingo reconcile podinfo",
    ],
    [
      "prune, which Flux does not",
      { prune: true },
      { workload: kustomization([], { spec: { prune: false } }) },
      "Cannot prune: Kustomization podinfo in apps deletes nothing that it applied (spec.prune is false); to change that: kubectl edit kustomizations.kustomize.toolkit.fluxcd.io podinfo -n apps",
    ],
    [
      "replace",
      { syncOptions: ["Replace=true"] },
      {},
      "Cannot replace or force: how Flux applies objects is decided by spec.force of Kustomization podinfo in apps; to change that: kubectl edit kustomizations.kustomize.toolkit.fluxcd.io podinfo -n apps",
    ],
    [
      "force",
      { syncStrategy: { hook: { force: true } } },
      {},
      "Cannot replace or force: how Flux applies objects is decided by spec.force of Kustomization podinfo in apps; to change that: kubectl edit kustomizations.kustomize.toolkit.fluxcd.io podinfo -n apps",
    ],
    [
      "force, of a HelmRelease",
      { syncStrategy: { apply: { force: true } } },
      { workload: helmRelease, sources: [helmRepository, helmChart] },
      "Cannot replace or force: how Flux applies objects is decided by spec.install and spec.upgrade of HelmRelease podinfo in apps; to release it again: flamingo reconcile podinfo --force",
    ],
    [
      "another source",
      { source: elsewhere },
      {},
      "Cannot sync from another source: where Flux gets its content is decided by Kustomization podinfo in apps; to change that: kubectl edit kustomizations.kustomize.toolkit.fluxcd.io podinfo -n apps",
    ],
  ])("%s", (_, sync, changes, message) => {
    const application = applicationWith({ operation: syncOf(sync) });
    const answer = answerFor(situation({ application, ...changes }));
    const time = "2026-11-21T10:00:00Z";
    expect(answer?.steps).toEqual([
      {
        do: "patch",
        ref: { name: "podinfo", namespace: "argocd" },
        resourceVersion: "1",
        patch: {
          operation: null,
          status: {
            reconciledAt: time,
            operationState: {
              operation: expect.objectContaining(syncOf(sync)),
              phase: "Failed",
              message,
              startedAt: time,
              finishedAt: time,
            },
          },
        },
      },
    ]);
    expect(answer?.log).toEqual([`Application podinfo in argocd: Sync failed: ${message}`]);
  });

  test("of a workload that must not be shown not even what it has applied is told", () => {
    const application = applicationWith({ operation: syncOf() });
    const ended = (denial?: string) => {
      const workload = situation().workload;
      const suspended =
        workload && ({ ...workload, spec: { ...workload.spec, suspend: true } } as FluxWorkload);
      return JSON.stringify(answerFor(situation({ application, workload: suspended, denial }))?.steps);
    };
    expect(ended()).toContain("flamingo/attempt");
    expect(ended("The AppProject default does not permit it")).not.toContain("flamingo/attempt");
  });

  test("an operation that says nothing is an error", () => {
    const scene = new Scene();
    scene.press({ initiatedBy: { username: "admin" } });
    scene.look();
    expect([scene.phase, scene.message]).toEqual(["Error", "The operation does not say what to do"]);
    expect(scene.application.operation).toBeUndefined();
  });
});

describe("what Argo CD sends along and Flux need not know passes", () => {
  const own = applicationWith().spec?.source;
  test.each<[string, object]>([
    ["the page's defaults", { revision: commit, prune: false, dryRun: false, resources: [] }],
    ["Argo CD 3 names the source", { source: own, revision: commit }],
    ["apply only", { syncStrategy: { apply: {} } }],
    [
      "options of applying",
      { syncOptions: ["ServerSideApply=true", "CreateNamespace=true", "Validate=false"] },
    ],
    [
      "nothing at all, with kubectl",
      { revision: undefined, syncStrategy: undefined, syncOptions: undefined },
    ],
  ])("%s", (_, sync) => {
    const application = applicationWith({ operation: syncOf(sync) });
    expect(outline(answerFor(situation({ application })))).toEqual(["patch", "ask GitRepository/podinfo"]);
  });

  test.each<[string, Parameters<typeof situation>[0], string]>([
    ["prune", { workload: kustomization([], { spec: { prune: true } }) }, "ask GitRepository/podinfo"],
    ["prune of a release", { workload: helmRelease, sources: [helmRepository] }, "ask HelmRepository/charts"],
  ])("%s, where the workload prunes anyway", (_, changes, first) => {
    const application = applicationWith({ operation: syncOf({ prune: true }) });
    expect(outline(answerFor(situation({ application, ...changes })))).toEqual(["patch", first]);
  });
});
