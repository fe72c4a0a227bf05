import { describe, expect, test } from "vitest";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { refusalFor } from "../../src/loopback/answers/refusal.js";
import { kustomization } from "../report/objects.js";
import { applicationWith, outline, requestedAt, Scene, situation, syncOf, token } from "./answers-scene.js";

/** A Sync for which the source was asked. */
function begun(): Scene {
  const scene = new Scene();
  scene.press(syncOf());
  scene.look();
  return scene;
}

/** A Sync for which the workload was asked. */
function underway(): Scene {
  const scene = begun();
  scene.handle("GitRepository");
  scene.look();
  return scene;
}

describe("started anew in the middle", () => {
  const unread = [{ group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", because: "forbidden" }];

  test.each<[what: string, before: string | null]>([
    ["was never asked", null],
    ["was asked with", "2026-11-20T10:00:00Z"],
  ])("before a source %s %s is asked as was recorded: it is asked with that", (_, before) => {
    const scene = new Scene();
    const earlier = { metadata: { annotations: { [requestedAt]: before } } };
    scene.change("GitRepository", earlier);
    if (before) scene.handle("GitRepository");
    scene.press(syncOf());
    scene.look();
    scene.change("GitRepository", earlier);
    expect(scene.look()).toEqual(["ask GitRepository/podinfo"]);
    expect(scene.object("GitRepository").metadata.annotations).toEqual({ [requestedAt]: token });
    expect(scene.look()).toEqual([]);
  });

  test("before the workload is asked as was recorded: it is asked with that, and named by whom", () => {
    const scene = underway();
    scene.change("Kustomization", { metadata: { annotations: null } });
    expect(scene.look()).toEqual(["ask Kustomization/podinfo"]);
    expect(scene.object("Kustomization").metadata.annotations).toEqual({
      [requestedAt]: token,
      "event.toolkit.fluxcd.io/requestedBy": "admin",
    });
  });

  test("after an earlier flamingo had asked the workload, and recorded nothing of it: what Flux did counts", () => {
    const scene = underway();
    const info = [
      { name: requestedAt, value: token },
      { name: "source.toolkit.fluxcd.io/GitRepository/apps/podinfo", value: "" },
    ];
    scene.patch({ status: { operationState: { operation: { info } } } });
    expect(scene.look()).toEqual(["patch", "ask Kustomization/podinfo"]);
    expect(scene.look()).toEqual([]);
    scene.handle("Kustomization");
    expect(scene.look()).toEqual(["patch"]);
    expect(scene.phase).toBe("Succeeded");
  });

  test("when Flux was done in between", () => {
    const scene = underway();
    scene.handle("Kustomization", { status: "False", message: "health check failed" });
    expect(scene.look()).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual(["Failed", "health check failed"]);
  });

  test("an operation that Argo CD's controller left running is begun", () => {
    const scene = new Scene();
    scene.press(syncOf());
    scene.patch({
      status: {
        operationState: {
          phase: "Running",
          startedAt: "2026-11-20T10:00:00Z",
          operation: syncOf(),
          retryCount: 3,
        },
      },
    });
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    expect(scene.application.status?.operationState?.startedAt).toBe("2026-11-21T10:00:00Z");
  });

  test("what cannot be seen for a while is waited for", () => {
    const scene = underway();
    scene.remove("Kustomization");
    expect(scene.look({ unread })).toEqual([]);
    expect(scene.look()).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual([
      "Failed",
      "Kustomization podinfo in apps does not exist; to delete the Application: flamingo delete podinfo",
    ]);
  });
});

test("a Sync that has begun goes on when what it may do can be read again", () => {
  const scene = underway();
  scene.handle("Kustomization");
  const denial = "Cannot read the AppProject default: forbidden";
  expect(scene.look({ denial, isUndecided: true })).toEqual([]);
  expect(scene.look()).toEqual(["patch"]);
  expect(scene.phase).toBe("Succeeded");
});

describe("one Sync after another", () => {
  test("has a token of its own", () => {
    const scene = underway();
    scene.handle("Kustomization");
    scene.look();
    scene.press(syncOf());
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    expect(scene.look()).toEqual([]);
    scene.handle("GitRepository");
    expect(scene.look()).toEqual(["patch", "ask Kustomization/podinfo"]);
    expect(scene.look()).toEqual([]);
    expect(scene.phase).toBe("Running");
    scene.handle("Kustomization");
    scene.look();
    expect(scene.phase).toBe("Succeeded");
  });

  test("begun with kubectl, which leaves the last result there", () => {
    const scene = underway();
    scene.handle("Kustomization", { status: "False", message: "broken" });
    scene.look();
    scene.patch({ operation: { sync: {} } });
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    const { operationState } = scene.application.status ?? {};
    expect(operationState).not.toHaveProperty("finishedAt");
    expect(operationState?.startedAt).toBe("2026-11-21T10:00:03Z");
    expect(operationState?.syncResult).not.toHaveProperty("resources");
  });

  test("begun with kubectl, and over at once", () => {
    const startedAt = "2026-11-20T10:00:00Z";
    const operationState = { phase: "Failed", operation: {}, startedAt, finishedAt: startedAt };
    const application = applicationWith({ operation: syncOf({ dryRun: true }), status: { operationState } });
    const [step] = answerFor(situation({ application }))?.steps ?? [];
    const started = { startedAt: "2026-11-21T10:00:00Z", finishedAt: "2026-11-21T10:00:00Z" };
    expect(step).toMatchObject({ patch: { status: { operationState: started } } });
  });

  test("people's own remarks stay, and are not taken for ours", () => {
    const mine = [
      { name: "why", value: "because" },
      { name: requestedAt, value: "forged" },
    ];
    const scene = new Scene();
    scene.press({ ...syncOf(), info: mine });
    scene.look();
    expect(scene.application.status?.operationState?.operation).toMatchObject({
      info: [
        { name: "why", value: "because" },
        { name: requestedAt, value: token },
        { name: "source.toolkit.fluxcd.io/GitRepository/apps/podinfo", value: "" },
      ],
    });
  });
});

describe("who asked", () => {
  const requestedBy = "event.toolkit.fluxcd.io/requestedBy";
  const named = (scene: Scene) => scene.object("Kustomization").metadata.annotations?.[requestedBy];
  const asked = (initiatedBy: object | undefined, before?: string): Scene => {
    const scene = new Scene();
    if (before !== undefined)
      scene.change("Kustomization", { metadata: { annotations: { [requestedBy]: before } } });
    scene.press({ ...syncOf(), initiatedBy });
    scene.look();
    const name = named(scene);
    scene.handle("GitRepository");
    expect(scene.look()).toEqual(["patch", "ask Kustomization/podinfo"]);
    // what a new artifact sets going is not asked for yet
    expect(named(scene)).toBe(name);
    return scene;
  };

  test.each<[string, object | undefined, string | undefined]>([
    ["a person", { username: "jane@example.com" }, "jane@example.com"],
    ["a program", { username: "applicationset-controller", automated: true }, "applicationset-controller"],
    ["what nobody else may write like that", { username: "jane\n\u202ee" }, "jane\\n\\u202ee"],
    ["a story", { username: "x".repeat(200) }, "x".repeat(100)],
    ["half a character", { username: `${"x".repeat(99)}😀` }, "x".repeat(99)],
    ["nobody", undefined, undefined],
    ["an empty name", { username: "" }, undefined],
  ])("%s is named while the operation runs", (_, initiatedBy, name) => {
    for (const before of [undefined, "left by another"]) {
      const scene = asked(initiatedBy, before);
      expect(named(scene)).toBe(name);
      expect(scene.object("GitRepository").metadata.annotations).not.toHaveProperty(requestedBy);
      scene.handle("Kustomization");
      scene.look();
      expect([scene.phase, named(scene)]).toEqual(["Succeeded", undefined]);
    }
  });

  test("whom another Application has named meanwhile stays named", () => {
    const scene = asked({ username: "jane" });
    scene.change("Kustomization", { metadata: { annotations: { [requestedBy]: "joe" } } });
    scene.handle("Kustomization");
    expect(scene.look()).toEqual(["patch"]);
    expect(named(scene)).toBe("joe");
  });

  test("is forgotten when the Application is deleted meanwhile", () => {
    const scene = asked({ username: "jane" });
    scene.patch({ metadata: { deletionTimestamp: "2026-11-21T10:00:05Z", finalizers: ["others/own"] } });
    expect(scene.look()).toEqual(["patch"]);
    expect(named(scene)).toBeUndefined();
  });

  test("is forgotten when the workload is not even asked", () => {
    const scene = new Scene();
    scene.press({ ...syncOf(), initiatedBy: { username: "jane" } });
    scene.look();
    expect(named(scene)).toBe("jane");
    scene.handle("GitRepository", { status: "False", message: "unreachable" });
    scene.look();
    expect([scene.phase, named(scene)]).toEqual(["Failed", undefined]);
  });

  test("a refusal is told without trying again what is refused", () => {
    const { application } = asked({ username: "jane" });
    const annotations = { [requestedBy]: "jane" };
    const workload = kustomization();
    const named = { ...workload, metadata: { ...workload.metadata, annotations } };
    const { steps } = refusalFor(situation({ application, workload: named }), "forbidden") ?? {};
    expect(steps?.map((step) => step.do)).toEqual(["patch"]);
  });
});

describe("what happens while a Sync runs", () => {
  test.each<[string, (scene: Scene) => void, string]>([
    [
      "suspended",
      (scene) => scene.change("Kustomization", { spec: { suspend: true } }),
      "Kustomization podinfo in apps is suspended: resume it first (flamingo resume podinfo)",
    ],
    [
      "deleted",
      (scene) => scene.change("Kustomization", { metadata: { deletionTimestamp: "2026-11-21T10:00:00Z" } }),
      "Kustomization podinfo in apps is being deleted",
    ],
    [
      "the source is gone",
      (scene) => scene.remove("GitRepository"),
      "GitRepository podinfo in apps does not exist",
    ],
  ])("%s", (_, happen, message) => {
    const scene = underway();
    happen(scene);
    expect(scene.look()).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual(["Failed", message]);
    expect(scene.application.operation).toBeUndefined();
  });

  test("the AppProject is changed", () => {
    const scene = underway();
    expect(scene.look({ denial: "not any more" })).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual(["Failed", "not any more"]);
  });
});

describe("Terminate", () => {
  test("ends the operation and leaves Flux alone", () => {
    const scene = underway();
    scene.patch({ status: { operationState: { phase: "Terminating" } } });
    expect(scene.look()).toEqual(["patch"]);
    expect(scene.application.operation).toBeUndefined();
    expect(scene.application.status?.operationState).toMatchObject({
      phase: "Failed",
      message: "Operation terminated",
      startedAt: "2026-11-21T10:00:00Z",
      finishedAt: "2026-11-21T10:00:02Z",
    });
    expect(scene.look()).toEqual([]);
  });

  test("also when the workload has gone", () => {
    const operationState = { phase: "Terminating", startedAt: "2026-11-21T09:00:00Z", operation: {} };
    const application = applicationWith({ operation: syncOf(), status: { operationState } });
    const answer = answerFor(situation({ application, workload: undefined }));
    expect(outline(answer)).toEqual(["patch"]);
    expect(answer?.log).toEqual(["Application podinfo in argocd: Sync failed: Operation terminated"]);
  });
});

describe("Refresh", () => {
  const refresh = "argocd.argoproj.io/refresh";
  const hydrate = "argocd.argoproj.io/hydrate";
  const answered = (annotations: object, patch: object = {}) =>
    answerFor(situation({ application: applicationWith({ metadata: { annotations }, ...patch }) }));
  test.each<[string, object, object]>([
    ["normal", { [refresh]: "normal" }, { [refresh]: null }],
    ["hard", { [refresh]: "hard" }, { [refresh]: null }],
    ["of Argo CD 3", { [refresh]: "normal", [hydrate]: "normal" }, { [refresh]: null, [hydrate]: null }],
  ])("%s: the report is made anew, the annotation goes", (_, annotations, removed) => {
    expect(answered(annotations)).toEqual({
      steps: [
        {
          do: "patch",
          ref: { name: "podinfo", namespace: "argocd" },
          patch: { metadata: { annotations: removed }, status: { reconciledAt: "2026-11-21T10:00:00Z" } },
        },
      ],
      refresh: true,
      log: [],
    });
  });

  test("together with a Sync", () => {
    const answer = answered({ [refresh]: "normal" }, { operation: syncOf() });
    expect(outline(answer)).toEqual(["patch", "ask GitRepository/podinfo", "patch"]);
    expect(answer?.refresh).toBe(true);
  });
});

describe("nothing is answered", () => {
  test.each<[string, object]>([
    ["when nothing was asked", {}],
    [
      "of an operation that is over",
      { status: { operationState: { phase: "Running", operation: {}, startedAt: "x" } } },
    ],
    [
      "when the annotation is not true",
      { operation: syncOf(), metadata: { annotations: { "argocd.argoproj.io/skip-reconcile": "false" } } },
    ],
    [
      "when it has gone",
      {
        operation: syncOf(),
        metadata: {
          annotations: { "argocd.argoproj.io/skip-reconcile": null, "argocd.argoproj.io/refresh": "normal" },
          deletionTimestamp: "2026-11-21T10:00:00Z",
          finalizers: ["resources-finalizer.argocd.argoproj.io"],
        },
      },
    ],
  ])("%s", (_, patch) =>
    expect(answerFor(situation({ application: applicationWith(patch) }))).toBeUndefined(),
  );
});

test("what the API server does not permit is the result of the Sync", () => {
  const refused = refusalFor(
    situation({ application: applicationWith({ operation: syncOf() }) }),
    "Cannot patch it: no",
  );
  expect(refused?.steps).toMatchObject([
    {
      do: "patch",
      patch: {
        operation: null,
        status: { operationState: { phase: "Failed", message: "Cannot patch it: no" } },
      },
    },
  ]);
  expect(refusalFor(situation({ workload: kustomization() }), "Cannot patch it: no")).toBeUndefined();
});
