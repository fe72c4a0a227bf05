import { describe, expect, test } from "vitest";
import { usersOf } from "../../src/flux/source-users.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { idOf } from "../../src/kube/object-id.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { refusalFor } from "../../src/loopback/answers/refusal.js";
import type { Situation } from "../../src/loopback/answers/situation.js";
import { ks } from "../builders/flux.js";
import { live, object } from "../builders/kube.js";
import { gitRepository, kustomization } from "../report/objects.js";
import {
  applicationWith,
  helmChart,
  helmRelease,
  helmRepository,
  outline,
  situation,
  syncOf,
} from "./answers-scene.js";

const ours = "resources-finalizer.argocd.argoproj.io";
const deleted = { deletionTimestamp: "2026-11-21T10:00:00Z" };
const cascade = { "flamingo/cascade": "flux" };

type Given = Partial<Situation> & { sources?: readonly LiveObject[] };

function answered(metadata: object, given: Given = {}, patch: object = {}) {
  const application = applicationWith({
    metadata: { ...deleted, finalizers: [ours], ...metadata },
    ...patch,
  });
  return answerFor(situation({ application, ...given }));
}

/** The message of the Event. */
function told(answer: ReturnType<typeof answered>): string | undefined {
  const step = answer?.steps.find((one) => one.do === "event");
  return step?.do === "event" ? step.event.message : undefined;
}

function marked<T extends LiveObject>(item: T, by: string, kind: "kustomize" | "helm" = "kustomize"): T {
  const [namespace, name] = by.split("/");
  const labels = {
    [`${kind}.toolkit.fluxcd.io/name`]: name,
    [`${kind}.toolkit.fluxcd.io/namespace`]: namespace,
  };
  return { ...item, metadata: { ...item.metadata, labels } };
}

describe("Argo CD's finalizers go", () => {
  test.each<[string[], string[] | undefined]>([
    [[ours], []],
    [[`${ours}/background`], []],
    [[`${ours}/foreground`], []],
    [[ours, `${ours}/foreground`, "post-delete-finalizer.argocd.argoproj.io/cleanup"], []],
    [["post-delete-finalizer.argocd.argoproj.io", "pre-delete-finalizer.argocd.argoproj.io/cleanup"], []],
    [
      ["example.com/mine", ours, "resources-finalizer.argocd.argoproj.io.example"],
      ["example.com/mine", "resources-finalizer.argocd.argoproj.io.example"],
    ],
    [["example.com/mine"], undefined],
    [[], undefined],
  ])("%o", (finalizers, left) => {
    const answer = answered({ finalizers });
    expect(answer?.steps.at(-1)).toEqual(
      left && {
        do: "patch",
        ref: { name: "podinfo", namespace: "argocd" },
        patch: { metadata: { finalizers: left } },
        resourceVersion: "1",
      },
    );
  });

  test("not before somebody deletes", () => {
    expect(
      answerFor(situation({ application: applicationWith({ metadata: { finalizers: [ours] } }) })),
    ).toBeUndefined();
  });
});

describe("without the annotation", () => {
  test.each([[{}], [{ annotations: { "flamingo/cascade": "none" } }]])(
    "Flux keeps all, and that is said: %o",
    (metadata) => {
      const answer = answered(metadata);
      expect(outline(answer)).toEqual(["event FluxObjectsKept", "patch"]);
      const message =
        "Kustomization podinfo in apps stays, and so does what it applied: only an Application with the annotation flamingo/cascade: flux takes it along";
      expect(answer?.steps[0]).toEqual({
        do: "event",
        event: {
          apiVersion: "v1",
          kind: "Event",
          metadata: {
            name: "podinfo.5f3c8c1e.fluxobjectskept",
            namespace: "argocd",
            annotations: { "dest-server": "https://kubernetes.default.svc", "dest-namespace": "apps" },
          },
          involvedObject: {
            apiVersion: "argoproj.io/v1alpha1",
            kind: "Application",
            namespace: "argocd",
            name: "podinfo",
            uid: "5f3c8c1e",
          },
          type: "Normal",
          reason: "FluxObjectsKept",
          message,
          count: 1,
          firstTimestamp: "2026-11-21T10:00:00Z",
          lastTimestamp: "2026-11-21T10:00:00Z",
          source: { component: "flamingo-loopback" },
          reportingComponent: "flamingo-loopback",
        },
      });
      expect(answer?.log).toEqual([`Application podinfo in argocd: ${message}`]);
    },
  );
});

describe("with flamingo/cascade: flux", () => {
  const both = [
    "delete Kustomization/podinfo",
    "delete GitRepository/podinfo",
    "event FluxObjectsDeleted",
    "patch",
  ];
  const one = ["delete Kustomization/podinfo", "event FluxObjectsDeleted", "patch"];
  const none = ["event FluxObjectsKept", "patch"];
  const deletedOne = "Kustomization podinfo in apps deleted; ";
  const shared = live(
    ks("other/app", { sourceRef: { kind: "GitRepository", name: "podinfo", namespace: "apps" } }),
  );
  const using = { flux: () => [kustomization(), shared, gitRepository] };
  const suspended = kustomization([], { spec: { suspend: true } });
  test.each<[string, Given, string[], string]>([
    [
      "workload and source",
      {},
      both,
      "Kustomization podinfo in apps and GitRepository podinfo in apps deleted",
    ],
    [
      "a source that others use",
      using,
      one,
      `${deletedOne}GitRepository podinfo in apps stays, since Kustomization app in other uses it, too`,
    ],
    [
      "a source that hidden others use",
      { ...using, permitted: ({ namespace }) => namespace === "apps" },
      one,
      `${deletedOne}GitRepository podinfo in apps stays, since something else uses it, too`,
    ],
    [
      "a source that is not permitted",
      { permitted: ({ kind }) => kind !== "GitRepository" },
      one,
      `${deletedOne}its source stays, since the AppProject does not permit it`,
    ],
    [
      "a source with a parent",
      { sources: [marked(gitRepository, "flux-system/apps")] },
      one,
      `${deletedOne}GitRepository podinfo in apps stays, since Kustomization apps in flux-system would bring it back`,
    ],
    [
      "users that cannot be seen",
      { unread: [{ group: "helm.toolkit.fluxcd.io", kind: "HelmRelease", because: "forbidden" }] },
      one,
      `${deletedOne}GitRepository podinfo in apps stays, since nobody knows which HelmRelease uses it`,
    ],
    [
      "a workload with a parent",
      { workload: marked(kustomization(), "flux-system/apps", "helm") },
      none,
      "Kustomization podinfo in apps stays, since HelmRelease apps in flux-system would bring it back",
    ],
    [
      "a workload that manages itself",
      { workload: marked(kustomization(), "apps/podinfo") },
      none,
      "Kustomization podinfo in apps stays, since Kustomization podinfo in apps would bring it back",
    ],
    [
      "a suspended workload",
      { workload: suspended },
      both,
      "Kustomization podinfo in apps and GitRepository podinfo in apps deleted; what Kustomization podinfo in apps applied stays, since it is suspended",
    ],
    [
      "a denial",
      { denial: "The AppProject default does not permit it" },
      none,
      "The AppProject default does not permit it",
    ],
    ["no workload", { workload: undefined }, none, "Kustomization podinfo in apps does not exist"],
    ["no source", { sources: [] }, one, "Kustomization podinfo in apps deleted"],
    [
      "a HelmRelease: its own HelmChart is no other user",
      {
        workload: helmRelease,
        sources: [helmChart, helmRepository],
        flux: () => [helmRelease, helmChart, helmRepository],
      },
      ["delete HelmRelease/podinfo", "delete HelmRepository/charts", "event FluxObjectsDeleted", "patch"],
      "HelmRelease podinfo in apps and HelmRepository charts in apps deleted",
    ],
    [
      "a HelmChart of another release",
      {
        workload: helmRelease,
        sources: [helmChart, helmRepository],
        flux: () => [{ ...helmChart, metadata: { name: "apps-other", namespace: "apps" } } as LiveObject],
      },
      ["delete HelmRelease/podinfo", "event FluxObjectsDeleted", "patch"],
      "HelmRelease podinfo in apps deleted; HelmRepository charts in apps stays, since HelmChart apps-other in apps uses it, too",
    ],
  ])("%s", (_, given, steps, message) => {
    const answer = answered({ annotations: cascade }, given);
    expect(outline(answer)).toEqual(steps);
    expect(told(answer)).toBe(message);
  });

  test("deletes the very objects that were read", () => {
    const answer = answered({ annotations: cascade });
    expect(answer?.steps[0]).toMatchObject({
      ref: { name: "podinfo", namespace: "apps" },
      uid: "Kustomization-podinfo",
    });
    expect(answer?.steps[1]).toMatchObject({
      ref: { name: "podinfo", namespace: "apps" },
      uid: "GitRepository-podinfo",
    });
  });

  test("waits while the workload cannot be read, and does not while it is denied", () => {
    const unread = [{ group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", because: "forbidden" }];
    const given = { workload: undefined, unread };
    const answer = answered({ annotations: cascade }, given);
    expect(outline(answer)).toEqual(["event FluxObjectsUnknown"]);
    expect(told(answer)).toBe(
      "The Application waits to be deleted: Cannot read Kustomization podinfo in apps: forbidden",
    );
    expect(outline(answered({ annotations: cascade }, { ...given, denial: "no" }))).toEqual(none);
  });

  test("waits while what it may do cannot be told", () => {
    const given = { denial: "Cannot read the AppProject default: forbidden", isUndecided: true };
    const answer = answered({ annotations: cascade }, given);
    expect(outline(answer)).toEqual(["event FluxObjectsUnknown"]);
    expect(told(answer)).toBe(
      "The Application waits to be deleted: Cannot read the AppProject default: forbidden",
    );
    expect(outline(answered({}, given))).toEqual(["event FluxObjectsKept", "patch"]);
  });

  test("what the API server does not permit is told by an Event, and the finalizers stay", () => {
    const application = applicationWith({
      metadata: { ...deleted, finalizers: [ours], annotations: cascade },
    });
    const refused = refusalFor(situation({ application }), "Cannot delete it: no");
    expect(refused?.steps).toMatchObject([
      {
        do: "event",
        event: { type: "Warning", reason: "FluxObjectsNotDeleted", message: "Cannot delete it: no" },
      },
    ]);
  });
});

describe("an Application that is deleted while a Sync runs", () => {
  const failed = { phase: "Failed", message: "The Application is being deleted" };
  test.each<[string[], object]>([
    [[ours], { operation: null, metadata: { finalizers: [] }, status: { operationState: failed } }],
    [
      [ours, "example.com/mine"],
      { operation: null, metadata: { finalizers: ["example.com/mine"] }, status: { operationState: failed } },
    ],
    [["example.com/mine"], { operation: null, status: { operationState: failed } }],
  ])("with %o ends the Sync, too", (finalizers, patch) => {
    const answer = answered({ finalizers }, {}, { operation: syncOf() });
    expect(answer?.steps.at(-1)).toMatchObject({ do: "patch", patch });
    expect(outline(answer)).not.toContain("ask GitRepository/podinfo");
  });
});

describe("who uses a source", () => {
  const at = (apiVersion: string, kind: string, spec: object) =>
    object(apiVersion, kind, "apps/user", { spec });
  const source = "source.toolkit.fluxcd.io/v1";
  const reference = { kind: "GitRepository", name: "podinfo" };
  test.each<[LiveObject, boolean]>([
    [at("kustomize.toolkit.fluxcd.io/v1", "Kustomization", { sourceRef: reference }), true],
    [
      at("kustomize.toolkit.fluxcd.io/v1", "Kustomization", {
        sourceRef: { ...reference, namespace: "other" },
      }),
      false,
    ],
    [
      at("kustomize.toolkit.fluxcd.io/v1", "Kustomization", { sourceRef: { ...reference, kind: "Bucket" } }),
      false,
    ],
    [at("helm.toolkit.fluxcd.io/v2", "HelmRelease", { chart: { spec: { sourceRef: reference } } }), true],
    [
      at("helm.toolkit.fluxcd.io/v2", "HelmRelease", {
        chartRef: { kind: "OCIRepository", name: "podinfo" },
      }),
      false,
    ],
    [at(source, "HelmChart", { chart: "podinfo", sourceRef: reference }), true],
    [at(source, "GitRepository", { include: [{ repository: { name: "podinfo" } }] }), true],
    [
      at("source.extensions.fluxcd.io/v1beta1", "ArtifactGenerator", {
        sources: [{ ...reference, alias: "a" }],
      }),
      true,
    ],
    [at("image.toolkit.fluxcd.io/v1", "ImageUpdateAutomation", { sourceRef: reference }), true],
    [at(source, "ExternalArtifact", { sourceRef: reference }), false],
    [at("example.com/v1", "Kustomization", { sourceRef: reference }), false],
  ])("%o: %s", (user, uses) =>
    expect(usersOf(idOf(gitRepository), [user])).toEqual(uses ? [idOf(user as FluxWorkload)] : []),
  );
});
