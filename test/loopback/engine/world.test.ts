import { expect, test } from "vitest";
import type { KubeObject, LiveObject } from "../../../src/kube/object.js";
import { idOf, idOfKey, keyOf, namespacedName } from "../../../src/kube/object-id.js";
import { interestIn, interestInProviders } from "../../../src/loopback/engine/interest-of.js";
import { World } from "../../../src/loopback/engine/world.js";
import { application, appProject, argo, generated } from "../../builders/argo.js";
import { flux, ks, src } from "../../builders/flux.js";
import { live, object, owned, runner } from "../../builders/kube.js";

let version = 0;
/** As a watch tells it: in a version of its own. */
const told = <T extends KubeObject>({ metadata, ...rest }: T): T =>
  live({ ...rest, metadata: { ...metadata, resourceVersion: String(++version) } } as T);

test("a change concerns the Applications that show the object or its owner", () => {
  const world = new World(argo);
  const deployment = told(object("apps/v1", "Deployment", "apps/web"));
  world.set(deployment);
  world.interest.set("argocd/shown", interestIn(deployment, new Set()));
  world.interest.set("argocd/other", ["apps/Deployment/apps/other"]);
  const replicaSet = told(owned(deployment, "apps/v1", "ReplicaSet", "apps/web-1"));
  expect([...world.set(replicaSet)]).toEqual(["argocd/shown"]);
  // nothing is known yet of whose the Pod is
  const pod = told(owned(replicaSet, "v1", "Pod", "apps/web-1-a"));
  expect([...world.set(pod)]).toEqual([]);
  world.interest.set("argocd/shown", [
    ...interestIn(deployment, new Set()),
    ...interestIn(replicaSet, new Set()),
    ...interestIn(pod, new Set()),
  ]);
  expect([...world.set({ ...pod, metadata: { ...pod.metadata, resourceVersion: "x" } })]).toEqual([
    "argocd/shown",
  ]);
  expect([...world.gone("/Pod/apps/web-1-a")]).toEqual(["argocd/shown"]);
  // an object that is wanted and missing comes back
  expect([...world.set(told(object("apps/v1", "Deployment", "apps/other")))]).toEqual(["argocd/other"]);
});

test("what a ResourceSet applied concerns those that show it, before it is there, too", () => {
  const world = new World(argo);
  const status = { inventory: { entries: [{ id: "apps_web_apps_Deployment", v: "v1" }] } };
  const set = told(object("fluxcd.controlplane.io/v1", "ResourceSet", "apps/web", { status }));
  world.set(set);
  world.interest.set("argocd/shown", interestIn(set, new Set()));
  expect([...world.set(told(object("apps/v1", "Deployment", "apps/web")))]).toEqual(["argocd/shown"]);
});

test("one more provider of inputs concerns those that take some in its namespace", () => {
  const world = new World(argo);
  world.interest.set("argocd/shown", [interestInProviders({ namespace: "apps" })]);
  const provider = (at: string) => told(flux("ResourceSetInputProvider", at));
  expect([...world.set(provider("apps/a"))]).toEqual(["argocd/shown"]);
  expect([...world.set(provider("other/a"))]).toEqual([]);
  expect([...world.sources.values()].map(({ metadata }) => metadata.namespace)).toEqual(["apps", "other"]);
});

test("what is known already is no change", () => {
  const world = new World(argo);
  const app = told(application("a"));
  expect([...world.set(app)]).toEqual(["argocd/a"]);
  expect([...world.set(app)]).toEqual([]);
});

test("Argo CD is of the release that its controller's image says, as long as that is there", () => {
  const world = new World(argo);
  expect(world.release).toBeUndefined();
  const controller = (at: string, tag: string) =>
    told(
      runner(
        at,
        [{ image: `quay.io/argoproj/argocd:${tag}`, args: ["/usr/local/bin/argocd-application-controller"] }],
        { kind: "StatefulSet" },
      ),
    );
  world.set(controller("elsewhere/controller", "v3.6.1"));
  world.set(controller("argocd/controller", "v2.8.0"));
  expect(world.release).toBe("2.8.0");
  const app = told(application("a"));
  world.set(app);
  // another release may show it otherwise
  expect([...world.set(controller("argocd/controller", "v3.5.7"))]).toEqual([namespacedName(app.metadata)]);
  expect(world.release).toBe("3.5.7");
  expect([...world.set(controller("argocd/controller", "v3.5.7"))]).toEqual([]);
  world.set(controller("argocd/controller", "latest"));
  expect(world.release).toBeUndefined();
  world.set(controller("argocd/controller", "v3.5.7"));
  world.gone("apps/StatefulSet/argocd/controller");
  expect(world.release).toBeUndefined();
});

test("Events are written as Argo CD's controller and its ConfigMap say", () => {
  const world = new World({ ...argo, eventLabels: { included: ["team"], excluded: [] } });
  expect(world.writesEvents("ResourceUpdated")).toBe(true);
  const args = ["argocd-application-controller", "--enable-k8s-event=OperationCompleted"];
  world.set(told(runner("argocd/controller", [{ args }], { kind: "StatefulSet" })));
  world.set(told(runner("argocd/server", [{ args: ["argocd-server"] }])));
  expect(world.writesEvents("ResourceUpdated")).toBe(false);
  expect(world.writesEvents("OperationCompleted")).toBe(true);
  const labels = { team: "shop" };
  const project = appProject("shop");
  world.set(told({ ...project, metadata: { ...project.metadata, labels } }));
  expect(world.eventLabels(application("web", { project: "shop" }))).toEqual(labels);
});

/** What the Kustomization of this name in `apps` has applied. */
const appliedBy = (name: string, at: string) =>
  told({
    ...object("v1", "ConfigMap", at, { data: { a: "b" } }),
    metadata: {
      ...object("v1", "ConfigMap", at).metadata,
      labels: {
        "kustomize.toolkit.fluxcd.io/name": name,
        "kustomize.toolkit.fluxcd.io/namespace": "apps",
      },
    },
  });

test("a shard keeps whole what its Applications show, and sources", () => {
  // by their names web is in shard 2, and db in shard 1
  const world = new World(argo, { index: 2, count: 2 });
  const [web, db] = [told(generated(ks("web"))), told(generated(ks("db")))];
  for (const app of [web, db]) world.set(app);
  const all = [ks("web"), ks("db"), src].map((one) => told(one as LiveObject));
  for (const one of [...all, appliedBy("web", "apps/web"), appliedBy("db", "apps/db")]) world.set(one);
  const wholeOf = () => ["web", "db"].filter((name) => world.live.whole(`/ConfigMap/apps/${name}`));
  expect(wholeOf()).toEqual(["web"]);
  expect(all.map((one) => world.live.whole(keyOf(idOf(one))) !== undefined)).toEqual([true, false, true]);
  // what an Application shows that its labels do not lead to
  world.interest.set("argocd/web", ["/ConfigMap/apps/db"]);
  world.set(appliedBy("db", "apps/db"));
  expect(wholeOf()).toEqual(["web", "db"]);
  // and no more when it is gone
  world.gone(keyOf(idOf(web)));
  world.interest.drop("argocd/web");
  for (const name of ["web", "db"]) world.set(appliedBy(name, `apps/${name}`));
  expect(wholeOf()).toEqual([]);
});

test("what is kept whole later is the state that is known", () => {
  const world = new World(argo, { index: 2, count: 2 });
  const first = appliedBy("db", "apps/db");
  world.set(first);
  const others = ["/ConfigMap/apps/gone", "/Secret/apps/plain"].map(idOfKey);
  world.set(told(object("v1", "Secret", "apps/plain")));
  const lacking = () => world.lackingWhole([idOf(first), ...others]);
  expect(lacking()).toEqual([idOf(first)]);
  world.keepWhole(appliedBy("db", "apps/db"));
  expect(lacking()).toEqual([idOf(first)]);
  world.keepWhole(first);
  expect(lacking()).toEqual([]);
  expect(world.live.whole("/ConfigMap/apps/db")?.object).toEqual(first);
});

test("of an Application no managed fields are kept", () => {
  const world = new World(argo);
  const app = told(application("a"));
  const managedFields = [{ manager: "argocd-server" }];
  world.set({ ...app, metadata: { ...app.metadata, managedFields } } as LiveObject);
  expect(world.applications.get("argocd/a")).toEqual(app);
});

test("what was written does not take the place of something newer", () => {
  const world = new World(argo);
  const [read, written, newer] = [told(application("a")), told(application("a")), told(application("a"))];
  world.set(read);
  world.wrote(read, written);
  expect(world.applications.get("argocd/a")).toEqual(written);
  // the watch tells both before the answer to the write is there
  world.set(read);
  world.set(written);
  world.set(newer);
  world.wrote(read, written);
  expect(world.applications.get("argocd/a")).toEqual(newer);
  world.gone("argoproj.io/Application/argocd/a");
  world.wrote(newer, written);
  expect(world.applications.size).toBe(0);
});

test("a claim concerns whoever shows the StatefulSet that made it", () => {
  const world = new World(argo);
  const set = {
    ...told(object("apps/v1", "StatefulSet", "apps/db")),
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  } as LiveObject;
  world.interest.set("argocd/db", interestIn(set, new Set()));
  expect([...world.set(told(object("v1", "PersistentVolumeClaim", "apps/data-db-0")))]).toEqual([
    "argocd/db",
  ]);
  expect([...world.set(told(object("v1", "PersistentVolumeClaim", "apps/data-other-0")))]).toEqual([]);
});

test("an AppProject concerns its Applications, when it changes and when it goes", () => {
  const world = new World(argo);
  for (const [name, project] of [
    ["a", "team"],
    ["b", "default"],
    ["c", "team"],
  ] as const)
    world.set(told(application(name, { project })));
  expect([...world.set(told(appProject("team")))]).toEqual(["argocd/a", "argocd/c"]);
  // of the same name elsewhere it is none of Argo CD's
  expect([...world.set(told(appProject("apps/team")))]).toEqual([]);
  expect([...world.gone("argoproj.io/AppProject/argocd/team")]).toEqual(["argocd/a", "argocd/c"]);
  expect(world.projects.size).toBe(0);
});

test("a kind that cannot be read concerns all, once", () => {
  const world = new World(argo);
  world.set(told(application("a")));
  const kind = { group: "", kind: "Pod" };
  expect([...world.setUnread(kind, "forbidden")]).toEqual(["argocd/a"]);
  expect([...world.setUnread(kind, "forbidden")]).toEqual([]);
  expect(world.unread).toEqual([{ group: "", kind: "Pod", because: "forbidden" }]);
  expect([...world.setUnread(kind, undefined)]).toEqual(["argocd/a"]);
  expect(world.unread).toEqual([]);
});

test("an Application that goes concerns itself", () => {
  const world = new World(argo);
  world.set(told(application("a")));
  expect([...world.gone("argoproj.io/Application/argocd/a")]).toEqual(["argocd/a"]);
  expect(world.applications.size).toBe(0);
});

test("what is served in another version of its API is told anew", () => {
  const world = new World(argo);
  const web = told({ ...ks("web"), apiVersion: "kustomize.toolkit.fluxcd.io/v2" });
  world.set(web);
  world.interest.set("argocd/web", interestIn(web, new Set()));
  const older = { ...web, apiVersion: "kustomize.toolkit.fluxcd.io/v1" };
  expect([...world.set(older)]).toEqual(["argocd/web"]);
  expect([...world.workloads.values()]).toEqual([older]);
});

test("an Application out of sight is not reported, and concerned when it is seen to be gone", () => {
  const world = new World(argo);
  const [key, app] = ["argoproj.io/Application/argocd/web", told(application("web"))];
  world.set(app);
  expect([...world.hide(key)]).toEqual([]);
  // whoever looks again may find that it still may not
  expect([...world.hide(key)]).toEqual([]);
  expect([...world.applications.keys()]).toEqual([]);
  expect(world.isHidden("argocd/web")).toBe(true);
  expect([...world.gone(key)]).toEqual(["argocd/web"]);
  expect(world.isHidden("argocd/web")).toBe(false);
  world.set(app);
  world.hide(key);
  expect([...world.set(app)]).toEqual(["argocd/web"]);
  expect(world.isHidden("argocd/web")).toBe(false);
});

test("kinds that cannot be read are in one order", () => {
  const world = new World(argo);
  for (const kind of ["ReplicaSet", "Deployment"]) world.setUnread({ group: "apps", kind }, "forbidden");
  expect(world.unread.map(({ kind }) => kind)).toEqual(["Deployment", "ReplicaSet"]);
});

test("an AppProject that may not be read is no missing one", () => {
  const world = new World(argo);
  expect(world.projectUnknown(told(application("web")))).toBeUndefined();
  world.setUnread({ group: "argoproj.io", kind: "AppProject" }, "forbidden");
  expect(world.projectUnknown(told(application("web")))).toBe(
    "Cannot read the AppProject default: forbidden",
  );
  world.set(told(appProject("default")));
  expect(world.projectUnknown(told(application("web")))).toBeUndefined();
});

test("an object that is left out is gone, and those that need it are told of its kind", () => {
  const world = new World(argo);
  const web = told(ks("web"));
  world.set(web);
  world.interest.set("argocd/web", interestIn(web, new Set()));
  expect([...world.leaveOut(told(web))]).toEqual(["argocd/web"]);
  expect(world.workloads.size).toBe(0);
  const because = "an object is left out, which is a bug of flamingo that its log tells of";
  const unread = [{ group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", because }];
  expect(world.unreadAmong([keyOf(idOf(web)), "/ConfigMap/apps/x"])).toEqual(unread);
  expect(world.unreadAmong(["/ConfigMap/apps/x"])).toEqual([]);
  expect(world.unreadAmong()).toEqual(unread);
  expect([...world.set(told(web))]).toEqual(["argocd/web"]);
  expect(world.unreadAmong()).toEqual([]);
  world.leaveOut(told(web));
  world.gone(keyOf(idOf(web)));
  expect(world.unreadAmong()).toEqual([]);
});

test("an AppProject that is left out is no missing one", () => {
  const world = new World(argo);
  world.leaveOut(told(appProject("default")));
  expect(world.projectUnknown(told(application("web")))).toBe(
    "Cannot read the AppProject default: an object is left out, which is a bug of flamingo that its log tells of",
  );
});

test("an AppProject that speaks of clusters by name says nothing while their Secrets cannot be read", () => {
  const world = new World(argo);
  const [named, plain] = ["named", "plain"].map((project) => told(application(project, { project })));
  if (!named || !plain) throw new Error();
  world.set(told(appProject("named", { destinations: [{ name: "!prod", namespace: "*" }] })));
  for (const one of [told(appProject("plain")), named, plain]) world.set(one);
  expect([...world.setCluster(world.cluster, undefined)]).toEqual([]);
  expect([...world.setCluster(world.cluster, "forbidden")]).toEqual(["argocd/named", "argocd/plain"]);
  expect(world.untold(named)).toEqual({
    because:
      "Cannot tell what the AppProject named permits on this cluster, without Argo CD's Secrets of clusters: forbidden",
    isForNow: true,
  });
  expect(world.untold(plain)).toBeUndefined();
  world.setCluster({ ...world.cluster, name: "prod" }, undefined);
  expect(world.untold(named)).toBeUndefined();
  const onProd = { destination: { name: "prod", namespace: "apps" } };
  expect(world.untold(told(application("a", onProd)))).toBeUndefined();
});

test("a global AppProject concerns all Applications, and counts for those whose labels are meant", () => {
  const labelSelector = { matchLabels: { stage: "prod" } };
  const world = new World({ ...argo, globalProjects: [{ projectName: "global", labelSelector }] });
  const shop = appProject("shop", { sourceRepos: ["a"] });
  world.set(told({ ...shop, metadata: { ...shop.metadata, labels: { stage: "prod" } } }));
  world.set(told(appProject("other", { sourceRepos: ["a"] })));
  const [ours, others] = ["shop", "other"].map((project) => told(application(project, { project })));
  if (!ours || !others) throw new Error();
  for (const one of [ours, others]) world.set(one);
  world.setUnread({ group: "argoproj.io", kind: "AppProject" }, "forbidden");
  expect(world.projectUnknown(ours)).toBe("Cannot read the AppProject global: forbidden");
  expect(world.projectUnknown(others)).toBeUndefined();
  const global = told(appProject("global", { sourceRepos: ["!b"] }));
  expect([...world.set(global)].sort()).toEqual(["argocd/other", "argocd/shop"]);
  expect(world.projectUnknown(ours)).toBeUndefined();
  expect(world.projectFor(ours)?.spec?.sourceRepos).toEqual(["a", "!b"]);
  expect(world.projectFor(others)?.spec?.sourceRepos).toEqual(["a"]);
});
