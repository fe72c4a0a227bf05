import { describe, expect, test } from "vitest";
import type { Application } from "../../src/argo/application.js";
import type { LiveObject } from "../../src/kube/object.js";
import { autoPlan } from "../../src/loopback/auto/auto-plan.js";
import type { AutoSettings, Known } from "../../src/loopback/auto/known.js";
import { explainUnknown } from "../../src/loopback/auto/unknown-kind.js";
import { World } from "../../src/loopback/engine/world.js";
import { argo } from "../builders/argo.js";
import { charts, git, hr, ks } from "../builders/flux.js";
import { object } from "../builders/kube.js";

const crd = (name: string, metadata: object = {}) =>
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", name, { metadata });
const crds = {
  Kustomization: crd("kustomizations.kustomize.toolkit.fluxcd.io"),
  HelmRelease: crd("helmreleases.helm.toolkit.fluxcd.io"),
};
const gone = { deletionTimestamp: "2026-11-21T10:00:00Z" };

const settings: AutoSettings = {
  namespace: "argocd",
  selection: { namespace: undefined, kinds: ["Kustomization", "HelmRelease"], labels: undefined },
  template: "{namespace}-{name}-{kind}",
  project: { name: "default" },
};

/** What is known: the CRDs of both kinds as well, as far as they are served, unless others are given. */
function known(objects: readonly LiveObject[], unknown: Record<string, string> = {}): Known {
  const world = new World(argo);
  const given = objects.some(({ kind }) => kind === "CustomResourceDefinition");
  const served = Object.entries(crds).flatMap(([kind, one]) => (unknown[kind] === "not served" ? [] : [one]));
  for (const one of given ? objects : [...served, ...objects]) world.set(one);
  const { applications, workloads, sources, live } = world;
  const unknownBecause: Known["unknownBecause"] = ({ kind }) => unknown[kind] as "forbidden" | undefined;
  return { applications, workloads, sources, live, unknownBecause };
}

/** The Application that `--auto` makes for the first of these objects, otherwise than that as told. */
function made(objects: readonly LiveObject[], changes: Changes = {}): Application {
  const { create, refused } = autoPlan(known(objects), settings);
  const [application] = create.map((creation) => creation.application);
  if (!application) throw new Error(refused[0]?.because.message);
  const { annotations, labels, name, spec, ...metadata } = changes;
  return {
    ...application,
    metadata: {
      ...application.metadata,
      name: name ?? application.metadata.name,
      uid: "uid",
      resourceVersion: "7",
      annotations: { ...application.metadata.annotations, ...annotations },
      labels: { ...application.metadata.labels, ...labels },
      ...metadata,
    },
    spec: { ...application.spec, ...spec },
  } as Application;
}

interface Changes {
  name?: string;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  spec?: object;
  [metadata: string]: unknown;
}

interface Outline {
  create?: string[];
  remove?: string[];
  refused?: string[];
}

function outline(plan: ReturnType<typeof autoPlan>): Outline {
  const parts = {
    create: plan.create.map(({ application }) => application.metadata.name),
    remove: plan.remove.map(({ application }) => application.metadata.name),
    refused: plan.refused.map(({ because }) =>
      because.message.replace("Cannot generate an Application for ", ""),
    ),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, list]) => list.length > 0));
}

const web = ks("web");
const ofWeb = (changes: Changes = {}) => made([web, git()], changes);
const release = hr("web");
const ofRelease = (changes: Changes = {}) => made([release, charts], changes);

test("what it creates", () => {
  const { create } = autoPlan(known([web, git()]), settings);
  expect(create.map(({ application }) => application)).toEqual([
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {
        name: "apps-web-ks",
        namespace: "argocd",
        labels: {
          "app.kubernetes.io/managed-by": "flamingo",
          "flamingo/workload-name": "web",
          "flamingo/workload-type": "Kustomization",
          "flamingo/source-type": "GitRepository",
          "flamingo/destination-namespace": "apps",
          "flamingo/cluster-name": "in-cluster",
        },
        annotations: {
          "flamingo/auto": "true",
          "flamingo/engine": "loopback",
          "argocd.argoproj.io/skip-reconcile": "true",
          "weave.gitops.flamingo/base-url": "http://localhost:9001",
          "weave.gitops.flamingo/cluster-name": "Default",
        },
      },
      spec: {
        project: "default",
        source: { repoURL: "https://git.example/r", path: ".", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: "apps" },
        syncPolicy: { syncOptions: ["ApplyOutOfSyncOnly=true"] },
      },
    },
  ]);
});

describe("creates for workloads that have none", () => {
  const kustomizations = [web, ks("infra/base", {}, { labels: { tier: "base" } })];
  const all = [...kustomizations, release, git(), git("infra/src"), charts];
  const select = (selection: Partial<AutoSettings["selection"]>, more: Partial<AutoSettings> = {}) => ({
    ...settings,
    ...more,
    selection: { ...settings.selection, ...selection },
  });
  test.each<[string, AutoSettings, Outline]>([
    ["all", settings, { create: ["apps-web-hr", "apps-web-ks", "infra-base-ks"] }],
    ["of a namespace", select({ namespace: "infra" }), { create: ["infra-base-ks"] }],
    ["of a kind", select({ kinds: ["HelmRelease"] }), { create: ["apps-web-hr"] }],
    ["with labels", select({ labels: ({ tier }) => tier === "base" }), { create: ["infra-base-ks"] }],
    [
      "by other names",
      select({}, { template: "{kind}.{name}" }),
      { create: ["hr.web", "ks.base", "ks.web"] },
    ],
  ])("%s", (_, chosen, expected) => {
    const { create = [] } = outline(autoPlan(known(all), chosen));
    expect({ create: create.sort() }).toEqual(expected);
  });

  test.each<[string, AutoSettings["project"], string[]]>([
    ["one", { name: "flux" }, ["flux", "flux", "flux"]],
    ["by workload", { template: "{namespace}-{kind}" }, ["apps-hr", "apps-ks", "infra-ks"]],
  ])("in AppProjects: %s", (_, project, expected) => {
    const { create } = autoPlan(known(all), { ...settings, project });
    expect(create.map(({ application }) => application.spec.project).sort()).toEqual(expected);
  });

  const notMade = { "app.kubernetes.io/managed-by": "somebody" };
  const elsewhere = { destination: { server: "https://leaf.example", namespace: "apps" } };
  test.each<[string, LiveObject[], Outline]>([
    ["suspended ones, too", [ks("web", { suspend: true }), git()], { create: ["apps-web-ks"] }],
    ["not for one that is being deleted", [ks("web", {}, gone), git()], {}],
    ["not for one that has one", [web, git(), ofWeb()], {}],
    [
      "nor one of another name and engine",
      [
        web,
        git(),
        ofWeb({ name: "x", annotations: {}, spec: { syncPolicy: { syncOptions: ["FluxSubsystem=true"] } } }),
      ],
      {},
    ],
    ["nor one that somebody took over", [web, git(), ofWeb({ annotations: { "flamingo/auto": "" } })], {}],
    ["nor one that is being deleted", [web, git(), ofWeb(gone)], {}],
    [
      "but for one whose Application is in another namespace",
      [web, git(), ofWeb({ namespace: "other" })],
      { create: ["apps-web-ks"] },
    ],
    [
      "for one of the same name on another cluster",
      [web, git(), ofWeb({ name: "x", spec: elsewhere })],
      { create: ["apps-web-ks"] },
    ],
    [
      "for the other kind of the same name",
      [web, release, git(), charts, ofWeb()],
      { create: ["apps-web-hr"] },
    ],
    [
      "one that flamingo did not make does not count",
      [web, git(), ofWeb({ name: "x", labels: notMade })],
      { create: ["apps-web-ks"] },
    ],
    [
      "a foreign one of the same name stays",
      [web, git(), ofWeb({ labels: notMade })],
      {
        refused: [
          "Kustomization web in apps: there is an Application apps-web-ks in argocd already, and flamingo did not make it",
        ],
      },
    ],
    [
      "under another name where that shows something else",
      [
        web,
        git(),
        ofWeb({ labels: { "flamingo/workload-name": "other" }, annotations: { "flamingo/auto": "" } }),
      ],
      { create: ["apps-web-ks-045a08194d4e"] },
    ],
    [
      "not without its source",
      [web],
      { refused: ["Kustomization web in apps: GitRepository src in apps does not exist"] },
    ],
    [
      "not from a source of an unknown kind",
      [ks("web", { sourceRef: { kind: "Git", name: "src" } })],
      { refused: ['Kustomization web in apps: spec.sourceRef has the kind "Git"'] },
    ],
    [
      "a name that is too long is cut",
      [ks("w".repeat(60)), git()],
      { create: [`apps-${"w".repeat(45)}-0650a97db467`] },
    ],
    [
      "of two that want the same name the older one has it",
      [
        ks("a-b/c", {}, { creationTimestamp: "2026-11-21T10:00:00Z" }),
        ks("a/b-c", {}, { creationTimestamp: "2026-11-20T10:00:00Z" }),
        ...[git("a/src"), git("a-b/src")],
      ],
      { create: ["a-b-c-ks", "a-b-c-ks-5a941c6f6f05"] },
    ],
  ])("%s", (_, objects, expected) => {
    expect(outline(autoPlan(known(objects), settings))).toEqual(expected);
  });

  test("a source whose CRD was just made may well exist", () => {
    const scene = [web, ...Object.values(crds), crd("gitrepositories.source.toolkit.fluxcd.io")];
    expect(outline(autoPlan(known(scene, { GitRepository: "not served" }), settings))).toEqual({
      refused: ["Kustomization web in apps: GitRepository src in apps cannot be read at the moment"],
    });
  });

  test.each([
    ["forbidden", "GitRepository src in apps cannot be read: it is forbidden"],
    ["unavailable", "GitRepository src in apps cannot be read at the moment"],
    ["not served", "the cluster does not serve the kind of GitRepository src in apps"],
  ])("a source that is %s may well exist", (because, why) => {
    const plan = autoPlan(known([web], { GitRepository: because }), settings);
    expect(outline(plan)).toEqual({ refused: [`Kustomization web in apps: ${why}`] });
  });

  test("waits for a name that becomes free", () => {
    const before = made([ks("old"), git()], { name: "apps-web-ks" });
    expect(outline(autoPlan(known([web, git(), before]), settings))).toEqual({ remove: ["apps-web-ks"] });
  });
});

describe("removes its own when their workload is gone", () => {
  const none: AutoSettings["selection"] = { namespace: "none", kinds: ["HelmRelease"], labels: () => false };
  test.each<[string, LiveObject[], Record<string, string>, string[]]>([
    ["a Kustomization", [ofWeb()], {}, ["apps-web-ks"]],
    ["a HelmRelease", [ofRelease()], {}, ["apps-web-hr"]],
    [
      "with Argo CD's finalizer",
      [ofWeb({ finalizers: ["resources-finalizer.argocd.argoproj.io"] })],
      {},
      ["apps-web-ks"],
    ],
    ["with a cascade", [ofWeb({ annotations: { "flamingo/cascade": "flux" } })], {}, ["apps-web-ks"]],
    ["not while it is there", [web, ofWeb()], {}, []],
    ["not while it is being deleted", [ks("web", {}, gone), ofWeb()], {}, []],
    ["not one that somebody took over", [ofWeb({ annotations: { "flamingo/auto": "" } })], {}, []],
    ["not one that is not flamingo's", [ofWeb({ labels: { "app.kubernetes.io/managed-by": "x" } })], {}, []],
    [
      "not one that Argo CD reconciles by now",
      [ofWeb({ annotations: { "argocd.argoproj.io/skip-reconcile": "" } })],
      {},
      [],
    ],
    ["not one of the other engine", [ofWeb({ annotations: { "flamingo/engine": "" } })], {}, []],
    ["not one of another namespace", [ofWeb({ namespace: "other" })], {}, []],
    [
      "not one that points elsewhere by now",
      [ofWeb({ spec: { destination: { server: "https://leaf.example", namespace: "apps" } } })],
      {},
      [],
    ],
    [
      "nor one that was sent to another namespace",
      [ofWeb({ spec: { destination: { server: "https://kubernetes.default.svc", namespace: "x" } } })],
      {},
      [],
    ],
    ["nor one without its labels", [ofWeb({ labels: { "flamingo/workload-name": "" } })], {}, []],
    ["not a second time", [ofWeb(gone)], {}, []],
    [
      "not while its kind is forbidden",
      [ofWeb(), ofRelease()],
      { Kustomization: "forbidden" },
      ["apps-web-hr"],
    ],
    [
      "not while its kind is not served",
      [ofWeb(), ofRelease()],
      { HelmRelease: "not served" },
      ["apps-web-ks"],
    ],
    ["not while its kind is unavailable", [ofWeb()], { Kustomization: "unavailable" }, []],
    [
      "not with its CRD",
      [ofWeb(), ofRelease(), crd("kustomizations.kustomize.toolkit.fluxcd.io")],
      {},
      ["apps-web-ks"],
    ],
    [
      "not from the moment on that its CRD goes",
      [ofWeb(), crd("kustomizations.kustomize.toolkit.fluxcd.io", gone)],
      {},
      [],
    ],
    ["not while CRDs are unavailable", [ofWeb()], { CustomResourceDefinition: "unavailable" }, []],
    [
      "where CRDs may not be read",
      [ofWeb(), crd("x")],
      { CustomResourceDefinition: "forbidden" },
      ["apps-web-ks"],
    ],
    ["nothing where Applications are not known", [ofWeb()], { Application: "forbidden" }, []],
  ])("%s", (_, objects, unknown, expected) => {
    const selecting = { ...settings, selection: none };
    for (const chosen of [settings, selecting])
      expect(outline(autoPlan(known(objects, unknown), chosen)).remove ?? []).toEqual(expected);
  });
});

test.each<[Record<string, string>, LiveObject[], string[]]>([
  [{}, [ofWeb(), ofRelease()], []],
  [{ HelmRelease: "not served" }, [ofWeb()], []],
  [
    { HelmRelease: "not served" },
    [ofRelease()],
    ["The cluster does not serve HelmReleases: the Application that --auto made for them stays"],
  ],
  // its CRD was just made
  [
    { HelmRelease: "not served" },
    [ofRelease(), ...Object.values(crds)],
    [
      "Cannot create Applications for HelmReleases (--auto): HelmReleases could not be read; the Application that it made for them stays",
    ],
  ],
  [
    { HelmRelease: "forbidden", Kustomization: "unavailable" },
    [ofRelease(), ofRelease({ name: "b" })],
    [
      "Cannot create Applications for Kustomizations (--auto): Kustomizations could not be read",
      "Cannot create Applications for HelmReleases (--auto): reading HelmReleases is forbidden; the 2 Applications that it made for them stay",
    ],
  ],
  [
    { Application: "only permitted in argocd", HelmRelease: "forbidden" },
    [ofRelease()],
    [
      "Cannot create or delete Applications in argocd (--auto): reading Applications is only permitted in argocd",
    ],
  ],
])("says what is not known: %o", (unknown, objects, expected) => {
  const plan = autoPlan(known(objects, unknown), settings);
  const told = plan.unknown.map((item) => explainUnknown(item, "argocd"));
  const texts = told.flatMap((one) =>
    typeof one === "object" ? [one.message] : one === undefined ? [] : [one],
  );
  expect(texts).toEqual(expected);
});
