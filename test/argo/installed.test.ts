import { describe, expect, test } from "vitest";
import { describeArgo } from "../../src/argo/installed/describe.js";
import type { ArgoEvidence, InstalledArgo } from "../../src/argo/installed/evidence.js";
import { installedArgos } from "../../src/argo/installed/installed.js";
import type { PodRunner } from "../../src/kube/kinds.js";
import type { KubeObject } from "../../src/kube/object.js";
import { runner } from "../builders/kube.js";
import { argo, component, digest, fl, helm, stock } from "./installed-objects.js";

const installed = (runners: PodRunner[], more: Partial<ArgoEvidence> = {}) =>
  installedArgos({ runners, unknown: [], ...more });

function one(runners: PodRunner[], more?: Partial<ArgoEvidence>): InstalledArgo {
  const found = installed(runners, more);
  expect(found).toHaveLength(1);
  return found[0] as InstalledArgo;
}

const noStatefulSets = 'cannot list StatefulSets: User "alice" cannot list resource "statefulsets"';
const noTag = `its image ${digest} has no tag`;
const answered = (version: string) => ({ answers: new Map([["argocd", { version }]]) });
const argoCd = (name: string, namespace = "argocd"): KubeObject => ({
  apiVersion: "argoproj.io/v1beta1",
  kind: "ArgoCD",
  metadata: { name, namespace },
});

test("all that is told of one install", () => {
  expect(installed(argo(fl, { ready: 0, replicas: 2 }))).toEqual([
    {
      namespace: "argocd",
      image: { flavour: "fl", version: "2.10.2", patchLevel: 23, image: fl },
      version: "2.10.2",
      versionFrom: "image",
      components: [
        {
          role: "application-controller",
          kind: "StatefulSet",
          name: "argocd-application-controller",
          container: "argocd-application-controller",
          image: fl,
          wanted: 2,
          ready: 0,
        },
        expect.objectContaining({ role: "server", kind: "Deployment", name: "argocd-server" }),
        expect.objectContaining({ role: "repo-server", name: "argocd-repo-server" }),
      ],
      layout: "standard",
      disagreements: [],
      unknown: [],
    },
  ]);
});

describe("image and version", () => {
  test.each<[string, PodRunner[], Partial<ArgoEvidence>, string, string | undefined, string | undefined]>([
    ["stock", argo(stock), {}, "stock", "2.10.2", "image"],
    ["fl, and its own word is not asked", argo(fl), answered("2.9.0"), "fl", "2.10.2", "image"],
    ["a digest", argo(digest), {}, "unknown", undefined, undefined],
    ["a digest and an answer", argo(digest), answered("2.10.2"), "unknown", "2.10.2", "api"],
    ["a digest and a label", argo(digest, helm("a")), {}, "unknown", "2.10.2", "label"],
    [
      "a digest, an answer and a label",
      argo(digest, helm("a")),
      answered("2.10.5"),
      "unknown",
      "2.10.5",
      "api",
    ],
    ["a digest and a chart", argo(digest, helm("a", { version: "" })), {}, "unknown", "2.10.2", "chart"],
    [
      "a digest and a chart of the same name by somebody else",
      argo(digest, {
        labels: { "app.kubernetes.io/part-of": "argo-cd", "helm.sh/chart": "argo-cd-6.7.1" },
      }),
      {},
      "unknown",
      undefined,
      undefined,
    ],
    [
      "a vendor's image",
      argo("registry.example/gitops/argocd-rhel8:v1.12.0"),
      {},
      "unknown",
      undefined,
      undefined,
    ],
    [
      "a renamed image and an answer",
      argo("mirror.example/argo:v2.10.2"),
      answered("2.10.2"),
      "unknown",
      "2.10.2",
      "api",
    ],
    [
      "the controller decides, the server tells the version",
      [component("application-controller", digest), component("server", stock)],
      {},
      "unknown",
      "2.10.2",
      "image",
    ],
  ])("%s", (_what, runners, more, flavour, version, versionFrom) => {
    const found = one(runners, more);
    expect([found.image.flavour, found.version, found.versionFrom]).toEqual([flavour, version, versionFrom]);
  });

  test("of redis tells nothing: its label is its own version", () => {
    const redis = runner("argocd/argocd-redis", [{ name: "redis", image: "redis:7.0.15" }], {
      labels: { ...component("redis", "").metadata.labels, "app.kubernetes.io/version": "7.0.15-alpine" },
    });
    expect(one([...argo(digest), redis]).version).toBeUndefined();
  });

  test("an application-controller that is a Deployment counts before a StatefulSet scaled to nothing", () => {
    const found = one([
      component("server", stock),
      component("application-controller", stock, { replicas: 0 }),
      component("application-controller", fl, { kind: "Deployment" }),
    ]);
    expect(found.image).toMatchObject({ flavour: "fl" });
    expect(found.components[0]).toMatchObject({ kind: "Deployment", wanted: 1 });
  });

  test("are not believed of a server alone when the controller could not be seen", () => {
    const deployments = [component("server", stock), component("repo-server", stock)];
    const because = `its application-controller was not seen: ${noStatefulSets}`;
    expect(one(deployments, { unknown: [noStatefulSets] })).toMatchObject({
      image: { flavour: "unknown", image: stock, because },
      version: "2.10.2",
      layout: "partial",
      unknown: [because],
    });
    // nothing is hidden here
    expect(one(deployments)).toMatchObject({ image: { flavour: "stock" }, unknown: [] });
    expect(one(argo(stock), { unknown: [noStatefulSets] })).toMatchObject({
      image: { flavour: "stock" },
      layout: "standard",
      unknown: [],
    });
  });

  test("why they are not known", () => {
    const noAnswer = "cannot ask the server of Argo CD in argocd for its version: no Service leads to it";
    const answers = new Map([["argocd", { unknown: noAnswer }]]);
    expect(one(argo(digest), { answers }).unknown).toEqual([noTag, noAnswer]);
  });
});

describe("which installs there are", () => {
  test("one a namespace, in their order; redis, dex or an extension alone is none", () => {
    const found = installed([
      ...argo(stock, { namespace: "team-b" }),
      ...argo(fl, { namespace: "team-a" }),
      component("redis", "redis:7", { namespace: "elsewhere" }),
      component("notifications-controller", stock, { namespace: "elsewhere" }),
      runner("argocd/argo-workflows-server", [
        { name: "argo-server", image: "argocli:v3.5.0", args: ["server"] },
      ]),
    ]);
    expect(found.map(({ namespace, image }) => [namespace, image.flavour])).toEqual([
      ["team-a", "fl"],
      ["team-b", "stock"],
    ]);
  });

  test("nothing", () => expect(installed([])).toEqual([]));

  test.each([
    [[], "nothing of it runs"],
    [[noStatefulSets], noStatefulSets],
  ])("what the operator was asked for, when %j could not be listed", (unknown, because) => {
    expect(installed([], { unknown, operated: [argoCd("gitops", "x")] })).toEqual([
      {
        namespace: "x",
        image: { flavour: "unknown", image: "", because },
        components: [],
        owner: { by: "operator", object: "ArgoCD gitops in x" },
        layout: "partial",
        disagreements: [],
        unknown: [because],
      },
    ]);
  });
});

const redisHa = (namespace: string, release: string) =>
  runner(`${namespace}/my-redis-ha-server`, [{ name: "redis", image: "redis:7" }], {
    kind: "StatefulSet",
    labels: { app: "redis-ha", release },
  });

test.each<[string, PodRunner[], InstalledArgo["layout"]]>([
  ["a redis of its own", [...argo(stock), component("redis", "redis:7")], "standard"],
  ["a redis elsewhere", argo(stock), "standard"],
  ["redis of several nodes", [...argo(stock), component("redis", "redis:7", { kind: "StatefulSet" })], "ha"],
  ["redis of the same Helm release", [...argo(stock, helm("a")), redisHa("argocd", "a")], "ha"],
  ["another's redis beside it", [...argo(stock, helm("a")), redisHa("argocd", "b")], "standard"],
  ["no server", [component("application-controller", stock), component("repo-server", stock)], "core"],
  ["no controller", [component("server", stock), component("repo-server", stock)], "partial"],
])("layout with %s", (_what, runners, layout) => expect(one(runners).layout).toBe(layout));

describe("owner", () => {
  const flux = (group: string, name: string) => ({
    [`${group}.toolkit.fluxcd.io/name`]: name,
    [`${group}.toolkit.fluxcd.io/namespace`]: "flux-system",
  });
  const tracked = (id: string) => ({ annotations: { "argocd.argoproj.io/tracking-id": id } });
  const controller = "apps/StatefulSet:argocd/argocd-application-controller";
  const owned = { apiVersion: "argoproj.io/v1beta1", kind: "ArgoCD", name: "gitops", uid: "1" };
  const operator = {
    labels: { "app.kubernetes.io/managed-by": "gitops", "app.kubernetes.io/part-of": "argocd" },
  };
  const managing = (name: string, resource: object) => [
    {
      ...argoCd(name),
      kind: "Application",
      status: { resources: [{ kind: "StatefulSet", name: "x", ...resource }] },
    },
  ];
  const its = { name: "argocd-application-controller", namespace: "argocd" };

  test.each<[string, object, Partial<ArgoEvidence>, string | undefined]>([
    ["nobody", {}, {}, undefined],
    ["Helm", helm("argocd"), {}, "Helm: Helm release argocd"],
    [
      "Helm, from another namespace",
      { annotations: { ...helm("a").annotations, "meta.helm.sh/release-namespace": "ops" } },
      {},
      "Helm: Helm release a in ops",
    ],
    [
      "Flux by a HelmRelease",
      { ...helm("a"), labels: { ...helm("a").labels, ...flux("helm", "argocd") } },
      {},
      "Flux: HelmRelease argocd in flux-system",
    ],
    [
      "Flux by a Kustomization",
      { labels: flux("kustomize", "infra") },
      {},
      "Flux: Kustomization infra in flux-system",
    ],
    ["Argo CD by an annotation", tracked(`self:${controller}`), {}, "Argo CD: Application self"],
    [
      "Argo CD by one of another namespace",
      tracked(`ops_self:${controller}`),
      {},
      "Argo CD: Application self in ops",
    ],
    [
      "an annotation that was copied",
      tracked("self:apps/StatefulSet:other/argocd-application-controller"),
      {},
      undefined,
    ],
    [
      "Argo CD by the label of its own",
      { labels: { "argocd.argoproj.io/instance": "self" } },
      {},
      "Argo CD: Application self",
    ],
    [
      "Argo CD by an Application that says so",
      helm("self", { release: "" }),
      { applications: managing("self", its) },
      "Argo CD: Application self",
    ],
    [
      "an Application that shows others",
      helm("self", { release: "" }),
      { applications: managing("self", { ...its, namespace: "other" }) },
      undefined,
    ],
    ["the operator", { ownerReferences: [owned] }, {}, "operator: ArgoCD gitops in argocd"],
    [
      "somebody else's ArgoCD",
      { ownerReferences: [{ ...owned, apiVersion: "x.example/v1" }] },
      {},
      undefined,
    ],
    [
      "the operator by its labels",
      operator,
      { operated: [argoCd("gitops")] },
      "operator: ArgoCD gitops in argocd",
    ],
  ])("%s", (_what, options, more, expected) => {
    const { owner } = one([component("application-controller", stock, options)], more);
    expect(owner && `${owner.by}: ${owner.object}`).toBe(expected);
  });

  test("several of them", () => {
    const labels = flux("kustomize", "infra");
    const found = one([
      component("application-controller", stock, { labels }),
      component("server", stock, helm("a")),
    ]);
    expect(found.owner).toEqual({ by: "Flux", object: "Kustomization infra in flux-system" });
    expect(found.disagreements).toEqual([
      "Kustomization infra in flux-system keeps the application-controller; Helm release a keeps the server",
    ]);
  });

  test("not known for certain", () => {
    const cannot = "cannot list ArgoCDs: forbidden";
    expect(one(argo(stock, helm("a", { release: "" })), { ownersUnknown: [cannot] }).unknown).toEqual([
      "who keeps it is not known: its label app.kubernetes.io/instance: a may be that of an Application, and no Helm release made it",
      `who keeps it is not known for sure: ${cannot}`,
    ]);
    expect(one(argo(stock, helm("a")), { ownersUnknown: [cannot] }).unknown).toEqual([]);
  });
});

describe("disagreements", () => {
  test.each<[string, PodRunner[], Partial<ArgoEvidence>, string[]]>([
    [
      "versions",
      [
        component("application-controller", stock),
        component("server", "x/argocd:v2.10.5"),
        component("repo-server", "x/argocd:v2.10.5"),
      ],
      {},
      ["the application-controller runs v2.10.2; the server and the repo-server run v2.10.5"],
    ],
    [
      "flavours",
      [component("application-controller", fl), component("server", stock)],
      {},
      ["the application-controller runs the FSA image v2.10.2-fl.23-main-d2c9a8cb; the server runs v2.10.2"],
    ],
    [
      "the same from a mirror",
      [component("application-controller", stock), component("server", "x/argocd:2.10.2@sha256:ab")],
      {},
      [],
    ],
    [
      "an image that tells nothing",
      [component("application-controller", stock), component("server", digest)],
      {},
      [],
    ],
    [
      "the ApplicationSet controller of 2.3, which counted by itself",
      [
        ...argo("x/argocd:v2.3.13"),
        component("applicationset-controller", "quay.io/argoproj/argocd-applicationset:v0.4.1"),
      ],
      {},
      [],
    ],
    [
      "a label that lies",
      [
        component("application-controller", stock, helm("a")),
        component("server", "x/argocd:v2.10.2", helm("a", { version: "" })),
        component("repo-server", stock, helm("a", { version: "v2.9.3" })),
      ],
      {},
      ["the repo-server runs v2.10.2, while its label app.kubernetes.io/version says v2.9.3"],
    ],
    ["a label that an adopted image left behind", argo(fl, helm("a")), {}, []],
    [
      "two in one namespace",
      [...argo(stock), component("server", stock, helm("b"))].map((object, index) =>
        index === 3 ? { ...object, metadata: { ...object.metadata, name: "b-server" } } : object,
      ),
      {},
      [
        "the namespace holds 2 of the component server: argocd-server and b-server",
        "nobody that is known keeps the application-controller, the server and the repo-server; Helm release b keeps the server",
      ],
    ],
    [
      "no CRDs",
      argo(stock),
      { applicationsServed: false },
      ["the cluster does not serve Applications: their CRD is missing"],
    ],
    ["CRDs", argo(stock), { applicationsServed: true }, []],
  ])("%s", (_what, runners, more, expected) => {
    expect(one(runners, more).disagreements).toEqual(expected);
  });

  test("names that two installs share, unless the operator made one", () => {
    const ownerReferences = [{ apiVersion: "argoproj.io/v1beta1", kind: "ArgoCD", name: "argocd", uid: "1" }];
    const found = installed([
      ...argo(stock, { namespace: "a" }),
      ...argo(stock, { namespace: "b" }),
      ...argo(stock, { namespace: "c", ownerReferences }),
    ]);
    const shared = (other: string) => [
      `argocd-application-controller is in ${other}, too: those that manage the whole cluster share its ClusterRole and ClusterRoleBinding`,
    ];
    expect(found.map(({ disagreements }) => disagreements)).toEqual([shared("b"), shared("a"), []]);
    const many = ["a", "b", "c", "d", "e", "f"].flatMap((namespace) => argo(stock, { namespace }));
    expect(installed(many)[0]?.disagreements).toEqual(shared("b, c, d and 2 more"));
  });
});

test.each<[PodRunner[], Partial<ArgoEvidence>, string]>([
  [argo(`${stock}@sha256:ab`, helm("argocd")), {}, "stock Argo CD v2.10.2 in argocd (Helm release argocd)"],
  [argo(fl), {}, "the FSA image v2.10.2-fl.23-main-d2c9a8cb in argocd"],
  [argo(digest), {}, `an Argo CD of unknown version in argocd: ${noTag}`],
  [
    argo(digest),
    answered("2.10.2"),
    `Argo CD v2.10.2 by its own word in argocd, whether stock or FSA is not known: ${noTag}`,
  ],
  [
    argo(digest, helm("a")),
    {},
    `Argo CD v2.10.2 by its label in argocd (Helm release a), whether stock or FSA is not known: ${noTag}`,
  ],
  [
    [component("server", stock)],
    { unknown: [noStatefulSets] },
    `Argo CD v2.10.2 in argocd, whether stock or FSA is not known: its application-controller was not seen: ${noStatefulSets}`,
  ],
  [
    [],
    { operated: [argoCd("gitops", "x")] },
    "an Argo CD of unknown version in x (ArgoCD gitops in x): nothing of it runs",
  ],
])("describeArgo() %#", (runners, more, text) => expect(describeArgo(one(runners, more))).toBe(text));
