import { describe, expect, test } from "vitest";
import type { InstalledArgo } from "../../../src/argo/installed/evidence.js";
import type { Installed, Present } from "../../../src/install/uninstall/installed.js";
import { obstacleTo } from "../../../src/install/uninstall/obstacle.js";
import { planUninstall } from "../../../src/install/uninstall/plan.js";
import type { ClusterRoleBinding } from "../../../src/kube/kinds.js";
import type { LiveObject } from "../../../src/kube/object.js";
import { groupOf, idOf, keyOf, renderId } from "../../../src/kube/object-id.js";
import { generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";
import { object, owned } from "../../builders/kube.js";

const rbac = "rbac.authorization.k8s.io/v1";
const argoproj = "argoproj.io/v1alpha1";

const home = object("v1", "Namespace", "argocd");
const record = object("v1", "ConfigMap", "argocd/flamingo-install");
const controller = object("apps/v1", "StatefulSet", "argocd/argocd-application-controller");
const settings = object("v1", "ConfigMap", "argocd/argocd-cm");
const crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "applications.argoproj.io");
const role = object(rbac, "ClusterRole", "argocd-server");
const binding = object(rbac, "ClusterRoleBinding", "argocd-server");
const engine = object("apps/v1", "Deployment", "argocd/flamingo-loopback");
const whole = [home, record, controller, settings, crd, role, binding];

const bound = (namespace: string): ClusterRoleBinding => ({
  ...binding,
  roleRef: { kind: "ClusterRole", name: "argocd-server" },
  subjects: [{ kind: "ServiceAccount", name: "argocd-server", namespace }],
});

const argoIn = (namespace: string) => ({ namespace, components: [] }) as unknown as InstalledArgo;

interface Scene extends Partial<Omit<Installed, "there" | "origins">> {
  /** what the record says was there before */
  changed?: LiveObject[];
  /** what it says nothing of */
  more?: LiveObject[];
}

function installed(created: LiveObject[], { changed = [], more = [], ...rest }: Scene = {}): Installed {
  const keys = (objects: LiveObject[]) => objects.map((one) => keyOf(idOf(one)));
  const present = (one: LiveObject): Present => ({
    object: one,
    kind: { group: groupOf(one.apiVersion), kind: one.kind, plural: "" },
  });
  return {
    namespace: "argocd",
    origins: new Map([
      ...keys(created.filter((one) => one !== record)).map((key) => [key, "created"] as const),
      ...keys(changed).map((key) => [key, "changed"] as const),
    ]),
    there: [...created, ...changed, ...more].map(present),
    unseen: [],
    bindings: [bound("argocd")],
    argos: [argoIn("argocd")],
    places: [],
    othersUnseen: [],
    applications: [],
    heldBy: undefined,
    ...rest,
  };
}

const nothing = { keepCrds: false, keepNamespace: false, force: false };

/** "StatefulSet argocd-application-controller in argocd", stage by stage. */
function plan(what: Installed, wish: Partial<typeof nothing> = {}) {
  const { stages, stays } = planUninstall(what, { ...nothing, ...wish });
  return { goes: stages.map(({ objects }) => objects.map((one) => renderId(idOf(one.object)))), stays };
}

test("everything goes, and what needs something goes before it", () => {
  const applications = [generated(ks("shop/web")), generated(ks("shop/api"), { namespace: "apps" })];
  const made = [
    object("v1", "Secret", "argocd/argocd-redis"),
    object("v1", "Secret", "argocd/argocd-initial-admin-secret"),
    object("coordination.k8s.io/v1", "Lease", "argocd/flamingo-loopback"),
    object("coordination.k8s.io/v1", "Lease", "argocd/flamingo-loopback-2-of-3"),
    object(argoproj, "AppProject", "argocd/default"),
  ];
  const system = [
    object("v1", "ServiceAccount", "argocd/default"),
    object("v1", "ConfigMap", "argocd/kube-root-ca.crt"),
    owned(controller, "v1", "Pod", "argocd/argocd-application-controller-0"),
  ];
  const all = [...(applications as LiveObject[]), ...made, ...system];
  expect(plan(installed([...whole, engine], { more: all }))).toEqual({
    goes: [
      ["Deployment flamingo-loopback in argocd"],
      ["Application api in apps", "Application web in argocd"],
      ["StatefulSet argocd-application-controller in argocd"],
      [
        "ConfigMap argocd-cm in argocd",
        "Secret argocd-initial-admin-secret in argocd",
        "Secret argocd-redis in argocd",
        "AppProject default in argocd",
        "Lease flamingo-loopback in argocd",
        "Lease flamingo-loopback-2-of-3 in argocd",
      ],
      ["ClusterRole argocd-server", "ClusterRoleBinding argocd-server"],
      ["CustomResourceDefinition applications.argoproj.io"],
      ["Namespace argocd"],
    ],
    stays: [],
  });
});

test("what an engine in somebody's terminal has left behind is nobody's", () => {
  const leases = ["flamingo-loopback", "flamingo-loopback-2-of-3"].map((name) =>
    object("coordination.k8s.io/v1", "Lease", `argocd/${name}`),
  );
  expect(plan(installed(whole, { more: leases })).stays).toEqual([]);
});

test("with its HelmRelease goes what helm-controller and Helm have made", () => {
  const flux = {
    "helm.toolkit.fluxcd.io/name": "flamingo",
    "helm.toolkit.fluxcd.io/namespace": "argocd",
  };
  const helm = { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "argocd" };
  const release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "argocd/flamingo");
  const repository = object("source.toolkit.fluxcd.io/v1", "HelmRepository", "argocd/argo-helm-repo");
  const made = [
    object("apps/v1", "Deployment", "argocd/argocd-server", { metadata: { labels: flux } }),
    object("source.toolkit.fluxcd.io/v1", "HelmChart", "argocd/argocd-flamingo", {
      metadata: { labels: flux },
    }),
    object("v1", "ServiceAccount", "argocd/argocd-redis-secret-init", { metadata: { labels: helm } }),
    object("v1", "Secret", "argocd/sh.helm.release.v1.argocd.v1"),
  ];
  expect(plan(installed([home, record, release, repository], { more: made }))).toEqual({
    goes: [
      ["HelmRelease flamingo in argocd"],
      ["HelmRepository argo-helm-repo in argocd"],
      ["Namespace argocd"],
    ],
    stays: [],
  });
  expect(plan(installed(whole, { more: made })).stays).toEqual([
    "Namespace argocd stays, since Deployment argocd-server in argocd and 3 more would go with it",
  ]);
});

test("CRDs alone go, with what flamingo made by them", () => {
  const alone = installed([crd], { argos: [], more: [generated(ks("shop/web")) as LiveObject] });
  expect(plan(alone)).toEqual({
    goes: [["Application web in argocd"], ["CustomResourceDefinition applications.argoproj.io"]],
    stays: [],
  });
});

describe("of several Argo CDs", () => {
  const argos = [argoIn("argocd"), argoIn("other")];
  const places = (ours: string[], others: string[]) => [
    { namespace: "argocd", applicationNamespaces: ours },
    { namespace: "other", applicationNamespaces: others },
  ];
  const more = [generated(ks("shop/api"), { namespace: "apps" }) as LiveObject];
  test.each<[name: string, Scene, goes: string[]]>([
    ["in a namespace that only this one has", { places: places(["app*"], []) }, ["Application api in apps"]],
    ["in one that both have", { places: places(["app*"], ["apps"]) }, []],
    ["in one that only the other has", { places: places([], ["apps"]) }, []],
    [
      "in the other's own",
      { places: places(["*"], []), more: [generated(ks("a/b"), { namespace: "other" }) as LiveObject] },
      [],
    ],
    ["where that is not known", { places: [] }, []],
    [
      "where there may be more",
      { places: places(["apps"], []), othersUnseen: ["cannot list Deployments: no"] },
      [],
    ],
  ])("an Application %s", (_, scene, goes) => {
    const what = installed(whole, { argos, more, ...scene });
    expect(
      plan(what)
        .goes.flat()
        .filter((id) => id.startsWith("Application ")),
    ).toEqual(goes);
  });

  test("what people declared in a namespace that only this one has is in the way", () => {
    const theirs = [
      object(argoproj, "Application", "apps/theirs"),
      object(argoproj, "AppProject", "apps/shop"),
    ];
    const what = installed(whole, { argos, places: places(["apps"], []), more: theirs });
    expect(obstacleTo(what, false)?.message).toBe(
      "Cannot uninstall the Argo CD in argocd: it has what flamingo did not make, and would go with it: Application theirs in apps",
    );
  });
});

describe("what stays", () => {
  const crdId = "CustomResourceDefinition applications.argoproj.io";
  const workload = ks("argocd/apps");
  test.each<[name: string, Installed, wish: Partial<typeof nothing>, stays: string[]]>([
    [
      "as asked",
      installed(whole),
      { keepCrds: true, keepNamespace: true },
      [`${crdId} stays, as asked`, "Namespace argocd stays, as asked"],
    ],
    [
      "what another Argo CD needs",
      installed(whole, { argos: [argoIn("argocd"), argoIn("other")] }),
      {},
      [`${crdId} stays, since Argo CD runs in other, too`],
    ],
    [
      "what others may need",
      installed(whole, { othersUnseen: ["cannot list Deployments: no"] }),
      {},
      [`${crdId} stays, since others may use it: flamingo cannot list Deployments: no`],
    ],
    [
      "what is bound to another Argo CD by now",
      installed(whole, { bindings: [bound("other")] }),
      {},
      [
        "ClusterRole argocd-server stays, since ClusterRoleBinding argocd-server needs it, too",
        "ClusterRoleBinding argocd-server stays, since ServiceAccount argocd-server in other needs it, too",
      ],
    ],
    [
      "a namespace with a Flux workload in it",
      installed(whole, { more: [workload as LiveObject, object("v1", "Secret", "argocd/tls")] }),
      {},
      ["Namespace argocd stays, since Kustomization apps in argocd and 1 more would go with it"],
    ],
    [
      "a namespace that was not seen whole",
      installed(whole, { unseen: ["cannot list Widgets in argocd: no"] }),
      {},
      [
        "Namespace argocd stays, since not all that is in it was seen: flamingo cannot list Widgets in argocd: no",
      ],
    ],
    [
      "a namespace that somebody keeps",
      installed([
        { ...home, metadata: { ...home.metadata, labels: { "kustomize.toolkit.fluxcd.io/name": "ns" } } },
        record,
        controller,
      ]),
      {},
      ["Namespace argocd stays, since Kustomization ns keeps it"],
    ],
  ])("%s", (_, what, wish, stays) => expect(plan(what, wish).stays).toEqual(stays));

  test("an Argo CD that was found, and what it shows", () => {
    const found = installed([record, engine], {
      changed: [home, controller],
      more: [
        generated(ks("shop/a")) as LiveObject,
        generated(ks("shop/b"), { engine: "fsa" }) as LiveObject,
        object("v1", "Secret", "argocd/argocd-redis"),
        object(argoproj, "AppProject", "argocd/default"),
      ],
    });
    expect(plan(found)).toEqual({
      goes: [
        ["Deployment flamingo-loopback in argocd"],
        ["Application a in argocd"],
        ["ConfigMap flamingo-install in argocd"],
      ],
      stays: [
        "1 Application stays, since their Argo CD does",
        "Namespace argocd stays, since it was there before",
        "StatefulSet argocd-application-controller in argocd stays, since it was there before, with what flamingo changed in it",
      ],
    });
  });
});

describe("what is in the way", () => {
  const labelled = (labels: Record<string, string>, one: LiveObject): LiveObject => ({
    ...one,
    metadata: { ...one.metadata, labels },
  });
  const repository = labelled(
    { "argocd.argoproj.io/secret-type": "repository" },
    object("v1", "Secret", "argocd/repo"),
  );
  const declared = [
    repository,
    object(argoproj, "Application", "argocd/theirs"),
    object(argoproj, "ApplicationSet", "team/many"),
    object(argoproj, "AppProject", "argocd/shop"),
    owned(object(argoproj, "ApplicationSet", "argocd/many"), argoproj, "Application", "argocd/one-of-many"),
  ];
  const fluxs = labelled(
    { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" },
    record,
  );
  const helms = {
    ...controller,
    metadata: { ...controller.metadata, annotations: { "meta.helm.sh/release-name": "argo" } },
  };
  const argos = {
    ...record,
    metadata: {
      ...record.metadata,
      annotations: { "argocd.argoproj.io/tracking-id": "flamingo:/ConfigMap:argocd/flamingo-install" },
    },
  };

  test.each<[name: string, Installed, message: string | undefined, hint?: string, forced?: true]>([
    ["nothing", installed(whole), undefined],
    [
      "what people declared",
      installed(whole, { more: declared }),
      "Cannot uninstall the Argo CD in argocd: it has what flamingo did not make, and would go with it: Secret repo in argocd, Application theirs in argocd, ApplicationSet many in team, AppProject shop in argocd and Application one-of-many in argocd",
      "Move or delete these first, or add --force to let them go; what Applications have applied stays",
    ],
    [
      "not what people declared for another Argo CD",
      installed(whole, { more: [declared[2] as LiveObject], argos: [argoIn("argocd"), argoIn("other")] }),
      undefined,
    ],
    ["nothing in an Argo CD that stays", installed([record, engine], { more: declared }), undefined],
    [
      "an engine in somebody's terminal",
      installed(whole, { heldBy: "laptop_1_ab" }),
      "Cannot uninstall while flamingo loopback runs for the Argo CD in argocd (laptop_1_ab)",
      "Stop it with Ctrl-C where it runs, or add --force",
    ],
    [
      "Flux, which applied what --export printed",
      installed([], { more: [fluxs] }),
      "Cannot uninstall ConfigMap flamingo-install in argocd: Kustomization apps in flux-system keeps it, and would bring it back",
      "Take it out of what Kustomization apps in flux-system applies: Flux prunes it then",
      true,
    ],
    [
      "Argo CD, which did",
      installed([], { more: [argos] }),
      "Cannot uninstall ConfigMap flamingo-install in argocd: Application flamingo keeps it, and would bring it back",
      "Take it out of what Application flamingo applies",
      true,
    ],
    [
      "Helm, which keeps a part of it",
      installed([record, helms]),
      "Cannot uninstall StatefulSet argocd-application-controller in argocd: Helm release argo keeps it, and would bring it back",
      "Uninstall it with Helm: Helm release argo",
      true,
    ],
    [
      "nobody, where Helm keeps what was there before",
      installed([record, engine], { changed: [helms] }),
      undefined,
    ],
    [
      "a record of what was only printed",
      installed([], { more: [record] }),
      "Cannot uninstall what was printed by --export and applied by somebody else: the record in argocd does not say what was there before",
      "Delete it as it was applied: flamingo install --export … | kubectl delete -f -",
      true,
    ],
  ])("%s", (_, what, message, hint, forced) => {
    expect(obstacleTo(what, false)).toEqual(
      message === undefined ? undefined : expect.objectContaining({ message, hint }),
    );
    expect(obstacleTo(what, true)?.message).toBe(forced ? message : undefined);
  });

  test("what people declared goes by force, and ApplicationSets before their Applications", () =>
    expect(plan(installed(whole, { more: declared }), { force: true }).goes.slice(0, 4)).toEqual([
      ["ApplicationSet many in team"],
      ["Application one-of-many in argocd", "Application theirs in argocd"],
      ["StatefulSet argocd-application-controller in argocd"],
      ["ConfigMap argocd-cm in argocd", "Secret repo in argocd", "AppProject shop in argocd"],
    ]));
});
