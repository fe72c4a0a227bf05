import { describe, expect } from "vitest";
import type { GeneratedApplication } from "../../../src/argo/application-for.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { application, generated } from "../../builders/argo.js";
import { flux, git, hr, ks } from "../../builders/flux.js";
import { isSharedMissing, ownClusterTest, sharedArgoCrds, sharedFlux } from "../../cluster/cluster.js";
import { engineUser, installEngine, type Request, refusalOf, untilRefused } from "./engine-account.js";

/** Whose CRDs are there; it is the last Flux that serves most kinds in two versions. */
const releases = { argo: "v3.6.1", flux: "v2.7.5" };

const ofArgo = "resources-finalizer.argocd.argoproj.io";
const ofOthers = "example.com/kept";
const skipReconcile = "argocd.argoproj.io/skip-reconcile";
const refresh = "argocd.argoproj.io/refresh";
const hydrate = "argocd.argoproj.io/hydrate";
const requestedAt = "reconcile.fluxcd.io/requestedAt";
const requestedBy = "event.toolkit.fluxcd.io/requestedBy";
const auto = { "flamingo/auto": "true" };

/** The Application that shows a workload, with what people and Argo CD write into it; undefined takes an annotation away. */
function shown(name: string, annotations: Record<string, string | undefined> = {}): KubeObject {
  const made = generated(ks("web"), { name });
  const { metadata } = made;
  const all = { ...metadata.annotations, team: "web", ...annotations };
  return {
    ...made,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, team: "web" },
      annotations: JSON.parse(JSON.stringify(all)),
      finalizers: [ofArgo, ofOthers],
    },
  };
}

/** The policies alone: beside them the ServiceAccount has every right. */
const policyTest = ownClusterTest(async (cluster) => {
  await cluster.installCrds(sharedArgoCrds(releases.argo, ["application"]));
  await cluster.installCrds(sharedFlux(releases.flux));
  await installEngine(cluster);
  const group = "rbac.authorization.k8s.io";
  await cluster.applyAll<KubeObject>([
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "everything" },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup: group, kind: "User", name: engineUser }],
    } as KubeObject,
    shown("ours", { [refresh]: "hard", [hydrate]: "normal" }),
    { ...shown("asked"), operation: { sync: { revision: "main" } } } as KubeObject,
    shown("going"),
    shown("auto", { ...auto, "flamingo/cascade": "flux" }),
    shown("taken", { ...auto, [skipReconcile]: undefined }),
    shown("unmarked", { ...auto, "flamingo/engine": undefined }),
    application("native"),
    ks("web", { path: "./web" }, { annotations: { team: "web" }, finalizers: ["finalizers.fluxcd.io"] }),
    hr("shop", { values: { replicas: 1 } }),
    git("src"),
    flux("ExternalArtifact", "made", { sourceRef: { kind: "GitRepository", name: "src" } }),
  ]);
  await cluster.delete("argoproj.io/v1alpha1", "Application", "going", "argocd");
  await untilRefused(cluster, app("ours", { spec: { project: "other" } }));
  await untilRefused(cluster, patch(paths.web, { spec: { path: "./other" } }));
});

// a dry run goes through the same, and nothing that is tried is kept
const query = "dryRun=All&fieldManager=flamingo-loopback";
const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
const paths = {
  web: "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/web",
  webBefore: "/apis/kustomize.toolkit.fluxcd.io/v1beta2/namespaces/apps/kustomizations/web",
  shop: "/apis/helm.toolkit.fluxcd.io/v2/namespaces/apps/helmreleases/shop",
  src: "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories/src",
  made: "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/externalartifacts/made",
};

const mergePatch = "application/merge-patch+json";

function patch(path: string, body: unknown, type = mergePatch): Request {
  return { method: "PATCH", path: `${path}?${query}`, body, type };
}

function app(name: string, body: object): Request {
  return patch(`${applications}/${name}`, body);
}

function jsonPatch(path: string, ...operations: [op: string, path: string, value?: unknown][]): Request {
  const body = operations.map(([op, at, value]) => ({ op, path: at, value }));
  return patch(path, body, "application/json-patch+json");
}

function apply(path: string, { apiVersion, kind, metadata, ...rest }: KubeObject): Request {
  const body = { apiVersion, kind, metadata, ...rest };
  return { ...patch(path, body, "application/apply-patch+yaml"), path: `${path}?${query}&force=true` };
}

function annotated(annotations: object | null): object {
  return { metadata: { annotations } };
}

/** What `--auto` creates, but for some metadata and fields. */
function created(metadata: object = {}, fields: object = {}): GeneratedApplication {
  const whole = generated(ks("web"), { name: "new", annotations: auto });
  return { ...whole, ...fields, metadata: { ...whole.metadata, ...metadata } };
}

function create(object: KubeObject, path = applications): Request {
  return { method: "POST", path: `${path}?${query}`, body: object, type: "application/json" };
}

function remove(path: string): Request {
  return { method: "DELETE", path: `${path}?dryRun=All` };
}

const claim = (manager: string, fields: object = {}) => ({
  manager,
  operation: "Update",
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  fieldsType: "FieldsV1",
  fieldsV1: fields,
});

/** By which Argo CD writes into a repository. */
const sourceHydrator = {
  drySource: { repoURL: "https://git.example/r", path: ".", targetRevision: "main" },
  syncSource: { targetBranch: "main", path: "web" },
};

/** As the API server has it of the one who applied the Kustomization. */
const all = {
  ...claim("test", { "f:spec": { "f:interval": {}, "f:path": {}, "f:prune": {}, "f:sourceRef": {} } }),
  operation: "Apply",
};

const { annotations: ownAnnotations, labels: ownLabels } = created().metadata;

describe.skipIf(isSharedMissing(`argo-cd/${releases.argo}`, `flux/${releases.flux}`))("the engine", () => {
  policyTest.for<[string, Request]>([
    [
      "reports",
      app("ours", { status: { sync: { status: "Synced" }, reconciledAt: "2026-01-02T03:04:05Z" } }),
    ],
    ["is about an operation", app("asked", { status: { reconciledAt: "2026-01-02T03:04:05Z" } })],
    ["ends an operation", app("asked", { operation: null, status: { sync: { status: "Synced" } } })],
    ["answers a refresh", app("ours", annotated({ [refresh]: null, [hydrate]: null }))],
    ["lets go what is deleted", app("going", { operation: null, metadata: { finalizers: [ofOthers] } })],
    [
      "makes its own ready to be deleted",
      app("auto", { metadata: { finalizers: [ofOthers], annotations: { "flamingo/cascade": null } } }),
    ],
    ["deletes its own", remove(`${applications}/auto`)],
    ["creates its own", create(created())],
    ["asks a Kustomization", patch(paths.web, annotated({ [requestedAt]: "now" }))],
    ["asks it in an older version", patch(paths.webBefore, annotated({ [requestedAt]: "now" }))],
    ["asks a HelmRelease", patch(paths.shop, annotated({ [requestedAt]: "now" }))],
    ["says who asks", patch(paths.web, annotated({ [requestedAt]: "now", [requestedBy]: "jane" }))],
    ["says it no more", patch(paths.web, annotated({ [requestedBy]: null }))],
    ["asks a source", patch(paths.src, annotated({ [requestedAt]: "now" }))],
    ["deletes by cascade, which is a right of its own", remove(paths.web)],
  ])("%s", async ([, request], { cluster }) => {
    expect(await refusalOf(cluster, request)).toBeUndefined();
  });

  const content = "it changes neither spec, labels nor owners of Applications, and starts no operation";
  const marks = "it takes annotations away that ask for something, and changes no other";
  const form = `it speaks for Applications with ${skipReconcile} and flamingo/engine, before and afterwards`;
  const finalizers = "it takes Argo CD's finalizers away from what is to be deleted, and changes no other";
  const own = "it creates and deletes Applications with flamingo/auto";
  const bare = "it creates Applications with nothing in them that it would not write";
  const asking = `${requestedAt} and ${requestedBy}`;
  const onlyAsks = `it changes nothing of them but the annotations ${asking}`;
  const owners = "it claims nothing for others, and takes nothing from them";
  const claims = `it claims nothing of them but the annotations ${asking}`;

  policyTest.for<[string, Request, string]>([
    // Applications: what they are
    ["changes a spec", app("ours", { spec: { source: { targetRevision: "evil" } } }), content],
    ["moves one to another AppProject", app("ours", { spec: { project: "other" } }), content],
    [
      "hides that behind a report",
      app("ours", { spec: { destination: { namespace: "evil" } }, status: { sync: { status: "Synced" } } }),
      content,
    ],
    ["adds to a spec", app("ours", { spec: { syncPolicy: { automated: {} } } }), content],
    [
      "applies another spec",
      apply(`${applications}/ours`, application("ours", { project: "other" })),
      content,
    ],
    [
      "changes a spec by its path",
      jsonPatch(`${applications}/ours`, ["replace", "/spec/source/repoURL", "https://evil.example"]),
      content,
    ],
    ["adds a label", app("ours", { metadata: { labels: { evil: "true" } } }), content],
    ["takes a label away", app("ours", { metadata: { labels: { team: null } } }), content],
    ["takes all labels away", app("ours", { metadata: { labels: null } }), content],
    [
      "gives one an owner",
      app("ours", {
        metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "evil", uid: "1" }] },
      }),
      content,
    ],
    ["sets generateName", app("ours", { metadata: { generateName: "evil-" } }), content],
    // Applications: operations
    ["starts an operation", app("ours", { operation: { sync: { revision: "evil" } } }), content],
    ["changes an operation", app("asked", { operation: { sync: { revision: "evil" } } }), content],
    ["adds to an operation", app("asked", { operation: { sync: { prune: true } } }), content],
    // Applications: annotations
    ["adds an annotation", app("ours", annotated({ evil: "true" })), marks],
    ["changes an annotation", app("ours", annotated({ team: "evil" })), marks],
    ["takes an annotation away", app("ours", annotated({ team: null })), marks],
    ["makes one its own", app("ours", annotated(auto)), marks],
    ["makes one cascade", app("ours", annotated({ "flamingo/cascade": "flux" })), marks],
    ["asks for a refresh", app("asked", annotated({ [refresh]: "hard" })), marks],
    ["changes what refresh is asked for", app("ours", annotated({ [refresh]: "normal" })), marks],
    ["hands one to Argo CD", app("ours", annotated({ [skipReconcile]: null })), form],
    [
      "hands one over with a word that is not true",
      app("ours", annotated({ [skipReconcile]: "True" })),
      form,
    ],
    [
      "hands one over with a report",
      app("ours", { ...annotated({ [skipReconcile]: "false" }), status: {} }),
      form,
    ],
    ["gives one another engine", app("ours", annotated({ "flamingo/engine": "fsa" })), form],
    ["takes all annotations away", app("ours", annotated(null)), form],
    ["hands its own to Argo CD", app("auto", annotated({ [skipReconcile]: null })), form],
    // Applications: finalizers
    [
      "adds a finalizer",
      app("ours", { metadata: { finalizers: [ofArgo, ofOthers, "evil.example/x"] } }),
      finalizers,
    ],
    [
      "takes Argo CD's away from what stays",
      app("ours", { metadata: { finalizers: [ofOthers] } }),
      finalizers,
    ],
    ["takes away those of others", app("going", { metadata: { finalizers: [] } }), finalizers],
    [
      "takes away those of others from its own",
      app("auto", { metadata: { finalizers: [ofArgo] } }),
      finalizers,
    ],
    // Applications of others
    ["reports into a native one", app("native", { status: { sync: { status: "Synced" } } }), form],
    ["starts an operation of a native one", app("native", { operation: { sync: {} } }), form],
    [
      "takes a native one over",
      app("native", annotated({ [skipReconcile]: "true", "flamingo/engine": "loopback" })),
      form,
    ],
    ["reports into one that Argo CD has again", app("taken", { status: {}, operation: null }), form],
    ["reports into one of another engine", app("unmarked", { operation: { sync: {} } }), form],
    // creating and deleting them
    [
      "creates one for itself",
      create(created({ annotations: { ...ownAnnotations, ...auto, "flamingo/auto": "" } })),
      own,
    ],
    ["creates one for Argo CD", create(application("new", {}, { annotations: auto })), form],
    [
      "applies a new one for Argo CD",
      apply(`${applications}/new`, application("new", {}, { annotations: auto })),
      form,
    ],
    ["creates one with an operation", create(created({}, { operation: { sync: {} } })), bare],
    [
      "creates one that Argo CD syncs",
      create(created({}, { spec: { ...created().spec, syncPolicy: { automated: {} } } })),
      bare,
    ],
    [
      "creates one that Argo CD hydrates",
      create(created({}, { spec: { ...created().spec, sourceHydrator } })),
      bare,
    ],
    ["creates one with a finalizer", create(created({ finalizers: [ofArgo] })), bare],
    [
      "creates one with an owner",
      create(created({ ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "1" }] })),
      bare,
    ],
    [
      "creates one with a label",
      create(created({ labels: { ...ownLabels, "app.kubernetes.io/instance": "x" } })),
      bare,
    ],
    [
      "creates one that notifies others",
      create(created({ annotations: { ...ownAnnotations, "notifications.argoproj.io/subscribe.x.y": "z" } })),
      bare,
    ],
    ["deletes one that it did not make", remove(`${applications}/ours`), own],
    ["deletes a native one", remove(`${applications}/native`), form],
    ["deletes one that Argo CD has again, and would cascade", remove(`${applications}/taken`), form],
    ["deletes all", remove(applications), own],
    // Flux objects
    ["changes a Kustomization", patch(paths.web, { spec: { path: "./evil" } }), onlyAsks],
    ["adds to it", patch(paths.web, { spec: { serviceAccountName: "evil" } }), onlyAsks],
    [
      "hides that behind a request",
      patch(paths.web, { ...annotated({ [requestedAt]: "now" }), spec: { suspend: true } }),
      onlyAsks,
    ],
    ["changes it in an older version", patch(paths.webBefore, { spec: { path: "./evil" } }), onlyAsks],
    ["applies another one", apply(paths.web, ks("web", { path: "./evil" })), onlyAsks],
    ["replaces its path", jsonPatch(paths.web, ["replace", "/spec/path", "./evil"]), onlyAsks],
    ["takes its path away", jsonPatch(paths.web, ["remove", "/spec/path"]), onlyAsks],
    ["changes a HelmRelease", patch(paths.shop, { spec: { values: { replicas: 9 } } }), onlyAsks],
    ["changes a source", patch(paths.src, { spec: { url: "https://evil.example" } }), onlyAsks],
    ["changes an artifact", patch(paths.made, { spec: { sourceRef: { name: "evil" } } }), onlyAsks],
    ["labels one", patch(paths.web, { metadata: { labels: { evil: "true" } } }), onlyAsks],
    ["annotates one", patch(paths.web, annotated({ evil: "true" })), onlyAsks],
    ["takes annotations away", patch(paths.web, annotated({ team: null, [requestedAt]: "now" })), onlyAsks],
    [
      "has Flux leave one alone",
      patch(paths.web, annotated({ "kustomize.toolkit.fluxcd.io/reconcile": "disabled" })),
      onlyAsks,
    ],
    [
      "tells a commit of its own in Flux's events",
      patch(paths.web, annotated({ "event.toolkit.fluxcd.io/commit": "0123456" })),
      onlyAsks,
    ],
    ["releases by force", patch(paths.shop, annotated({ "reconcile.fluxcd.io/forceAt": "now" })), onlyAsks],
    ["adds a finalizer to one", patch(paths.src, { metadata: { finalizers: ["evil.example/x"] } }), onlyAsks],
    ["takes Flux's finalizers away", patch(paths.web, { metadata: { finalizers: null } }), onlyAsks],
    ["sets generateName of one", patch(paths.web, { metadata: { generateName: "evil-" } }), onlyAsks],
    [
      "gives one away to the garbage collector",
      patch(paths.web, {
        metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "evil", uid: "1" }] },
      }),
      onlyAsks,
    ],
    [
      "writes a status",
      patch(`${paths.web}/status`, { status: { inventory: { entries: [] } } }),
      "it writes whole objects only",
    ],
    [
      "asks by a status",
      patch(`${paths.web}/status`, annotated({ [requestedAt]: "now" })),
      "it writes whole objects only",
    ],
    [
      "creates a Kustomization",
      create(ks("new"), paths.web.replace(/\/web$/, "")),
      "it creates no Flux objects",
    ],
    ["applies a new one", apply(paths.web.replace(/web$/, "new"), ks("new")), "it creates no Flux objects"],
    // who owns which field
    ["forgets who owns what", patch(paths.web, { metadata: { managedFields: [{}] } }), owners],
    [
      "owns it alone",
      patch(paths.web, { metadata: { managedFields: [claim("flamingo-loopback")] } }),
      owners,
    ],
    [
      "leaves an owner next to nothing",
      patch(paths.web, {
        metadata: { managedFields: [{ ...claim("test", { "f:spec": {} }), operation: "Apply" }] },
      }),
      owners,
    ],
    [
      "writes as somebody else",
      {
        ...patch(paths.web, annotated({ [requestedAt]: "now" })),
        path: `${paths.web}?dryRun=All&fieldManager=kustomize-controller`,
      },
      owners,
    ],
    [
      "makes up another owner",
      patch(paths.web, { metadata: { managedFields: [all, claim("flux", { "f:metadata": {} })] } }),
      owners,
    ],
    ["owns a spec, too", apply(paths.web, ks("web", { path: "./web" })), claims],
    [
      "owns an annotation of others, too",
      apply(paths.web, { ...ks("web"), spec: undefined, ...annotated({ team: "web" }) } as KubeObject),
      claims,
    ],
    [
      "says that it owned a spec",
      patch(paths.web, { metadata: { managedFields: [all, claim("flamingo-loopback", { "f:spec": {} })] } }),
      claims,
    ],
    [
      "owns an Application's spec, too",
      apply(`${applications}/ours`, generated(ks("web"), { name: "ours" })),
      "it claims nothing of their spec that it did not write when it created them",
    ],
    ["forgets who owns an Application", app("ours", { metadata: { managedFields: [{}] } }), owners],
  ])("never %s", async ([, request, only], { cluster }) => {
    expect(await refusalOf(cluster, request)).toContain(`flamingo loopback may not do this: ${only}`);
  });

  policyTest("never replaces one by another", async ({ cluster }) => {
    const ours = await cluster.get("argoproj.io/v1alpha1", "Application", "ours", "argocd");
    const put = (body: object): Request => ({
      method: "PUT",
      path: `${applications}/ours?${query}`,
      body,
      type: "application/json",
    });
    expect(
      await refusalOf(cluster, put({ ...ours, status: { sync: { status: "Synced" } } })),
    ).toBeUndefined();
    expect(await refusalOf(cluster, put({ ...ours, operation: { sync: {} } }))).toContain(content);
  });

  policyTest("gets nowhere with what the API server leaves out", async ({ cluster }) => {
    const before = await cluster.get("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "web", "apps");
    const { path, body } = patch(paths.web, { metadata: { managedFields: [] }, status: { inventory: {} } });
    const headers = { "content-type": mergePatch, "impersonate-user": engineUser };
    expect(await cluster.request("PATCH", path, body, headers)).toEqual({ status: 200, body: before });
  });

  policyTest("asks what nobody owns, and what more own than are told apart", async ({ cluster }) => {
    const many = await cluster.apply(git("many"));
    const path = paths.src.replace(/src$/, "many");
    const ask = patch(path, annotated({ [requestedAt]: "now" }));
    for (let index = 0; index < 12; index++) {
      const headers = { "content-type": mergePatch };
      const body = { spec: { ignore: `${index}` }, metadata: { labels: { [`label-${index}`]: "" } } };
      await cluster.request("PATCH", `${path}?fieldManager=manager-${index}`, body, headers);
      if (index > 7) expect(await refusalOf(cluster, ask)).toBeUndefined();
    }
    await cluster.change(many, { metadata: { managedFields: [{}] } });
    expect(await refusalOf(cluster, ask)).toBeUndefined();
  });

  policyTest(
    "asks what has applied thousands of objects, and what has a megabyte of values",
    async ({ cluster }) => {
      const entries = Array.from({ length: 8000 }, (_, index) => ({
        id: `apps_config-of-some-length-${index}__ConfigMap`,
        v: "v1",
      }));
      const values = {
        text: "x".repeat(300_000),
        keys: Object.fromEntries(entries.map(({ id }) => [id, id])),
      };
      await cluster.apply({ ...ks("many"), status: { inventory: { entries } } });
      await cluster.apply(hr("long", { values }));
      for (const path of [paths.web.replace(/web$/, "many"), paths.shop.replace(/shop$/, "long")])
        expect(await refusalOf(cluster, patch(path, annotated({ [requestedAt]: "now" })))).toBeUndefined();
    },
  );

  policyTest("is alone in that", async ({ cluster }) => {
    const { path, body } = patch(paths.web, { spec: { path: "./other" } });
    const headers = (user: string) => ({
      "content-type": mergePatch,
      "impersonate-user": user,
      "impersonate-group": "system:masters",
    });
    const other = "system:serviceaccount:other:flamingo-loopback";
    expect((await cluster.request("PATCH", path, body, headers(other))).status).toBe(200);
  });
});
