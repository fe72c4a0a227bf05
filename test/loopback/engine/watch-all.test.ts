import { expect, onTestFinished } from "vitest";
import { WatchAll, type WatchAllOptions } from "../../../src/loopback/engine/watch-all.js";
import { appProject } from "../../builders/argo.js";
import { argoCrds, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { openCrd, type TestObject } from "../../cluster/crds.js";
import { kubeFor, proxyFor } from "../../kube/kube-for.js";
import { soon } from "../../kube/watch/listen.js";

const ownTest = ownClusterTest((cluster) => cluster.installCrds(argoCrds()));
const group = "rbac.authorization.k8s.io";

/** From now on alice may read AppProjects: in this namespace, everywhere, or nowhere. */
async function allowAlice(cluster: TestCluster, where: string | "everywhere" | "nowhere"): Promise<void> {
  const rule = { apiGroups: ["argoproj.io"], resources: ["appprojects"], verbs: ["list", "watch"] };
  const role = (kind: string, metadata: object, isMeant: boolean): TestObject[] => [
    {
      apiVersion: `${group}/v1`,
      kind,
      metadata: { name: "reader", ...metadata },
      rules: isMeant ? [rule] : [],
    },
    {
      apiVersion: `${group}/v1`,
      kind: `${kind}Binding`,
      metadata: { name: "reader", ...metadata },
      roleRef: { apiGroup: group, kind, name: "reader" },
      subjects: [{ apiGroup: group, kind: "User", name: "alice" }],
    },
  ];
  await cluster.applyAll([
    ...role("Role", { namespace: "home" }, where === "home"),
    ...role("ClusterRole", {}, where === "everywhere"),
  ]);
  for (const namespace of ["home", "other"]) {
    const attributes = { verb: "watch", group: "argoproj.io", resource: "appprojects", namespace };
    await cluster.untilAllowed("alice", attributes, where === "everywhere" || where === namespace);
  }
}

const projects = "argoproj.io/v1alpha1";

async function prepared(cluster: TestCluster, where: "home" | "everywhere") {
  for (const name of ["home", "other"]) await cluster.createNamespace(name);
  for (const { metadata } of await cluster.list(projects, "AppProject"))
    await cluster.delete(projects, "AppProject", metadata.name, metadata.namespace);
  await cluster.applyAll(["home/a", "home/b", "other/a"].map((at) => appProject(at)));
  await allowAlice(cluster, where);
  return proxyFor(cluster);
}

/** Watches AppProjects as alice. */
function watch(cluster: TestCluster, server: string, more: Partial<WatchAllOptions> = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const lines: string[] = [];
  const names = (key: string) => key.replace("argoproj.io/AppProject/", "");
  const watches = new WatchAll({
    kube: kubeFor(cluster, { user: "alice", server }),
    signal: stop.signal,
    excluded: ({ kind }) => kind !== "AppProject",
    essential: () => false,
    home: "home",
    tryWiderMs: 60_000,
    listener: {
      set: ({ metadata: { namespace, name } }) => void lines.push(`set ${namespace}/${name}`),
      gone: (key) => void lines.push(`gone ${names(key)}`),
      hidden: (key) => void lines.push(`hidden ${names(key)}`),
      unread: (_, because) => void lines.push(because ?? "read"),
      trouble: () => {},
    },
    ...more,
  });
  return { watches, lines, stop };
}

ownTest("what is hidden while rights are missing is told anew, or to be gone", async ({ cluster }) => {
  const proxy = await prepared(cluster, "everywhere");
  const { watches, lines } = watch(cluster, proxy.server);
  await watches.start();
  expect(lines).toEqual(["set home/a", "set home/b", "set other/a", "read"]);
  lines.length = 0;
  await allowAlice(cluster, "nowhere");
  proxy.cut();
  await soon(() => lines).toEqual(["hidden home/a", "hidden home/b", "hidden other/a", "forbidden"]);
  lines.length = 0;
  await cluster.delete(projects, "AppProject", "b", "home");
  await allowAlice(cluster, "home");
  await soon(() => lines).toEqual([
    "set home/a",
    "hidden home/b",
    "hidden other/a",
    "only permitted in home",
  ]);
});

ownTest("rights for all namespaces are used when they come", async ({ cluster }) => {
  const proxy = await prepared(cluster, "home");
  const { watches, lines } = watch(cluster, proxy.server, { tryWiderMs: 200 });
  await watches.start();
  expect(lines).toEqual(["set home/a", "set home/b", "only permitted in home"]);
  await soon(() => lines.filter((line) => line === "set home/a").length).toBeGreaterThan(1);
  // looking for them hides nothing and changes nothing
  expect(new Set(lines)).toEqual(new Set(["set home/a", "set home/b", "only permitted in home"]));
  await cluster.delete(projects, "AppProject", "b", "home");
  await soon(() => lines).toContain("gone home/b");
  await allowAlice(cluster, "everywhere");
  await soon(() => lines.slice(-3)).toEqual(["set home/a", "set other/a", "read"]);
});

ownTest("nothing begins before what is essential has been listed", async ({ cluster }) => {
  const proxy = await prepared(cluster, "everywhere");
  const isList = ({ path }: { path: string }) => path === "/apis/argoproj.io/v1alpha1/appprojects";
  proxy.decide((request) => (isList(request) ? { status: 500, body: {} } : "pass"));
  let hasStarted = false;
  const { watches, lines } = watch(cluster, proxy.server, { essential: () => true });
  const started = watches.start().then(() => {
    hasStarted = true;
  });
  await soon(() => lines).toEqual(["it could not be listed yet"]);
  expect(hasStarted).toBe(false);
  proxy.decide(() => "pass");
  await started;
  expect(lines.slice(1)).toEqual(["set home/a", "set home/b", "set other/a", "read"]);
});

ownTest("a kind that comes, and goes again, is no trouble", async ({ cluster }) => {
  const told: string[] = [];
  const { watches } = watch(cluster, cluster.server, {
    kube: kubeFor(cluster),
    excluded: ({ kind }) => kind !== "CustomResourceDefinition" && kind !== "Spark",
    listener: {
      set: ({ kind, metadata: { name } }) => kind === "Spark" && void told.push(`set ${name}`),
      gone: (key) => key.includes("Spark") && void told.push(`gone ${key}`),
      hidden: (key) => void told.push(`hidden ${key}`),
      unread: (_, because) => because !== undefined && void told.push(because),
      trouble: (_, error) => error && void told.push(error.message),
    },
  });
  await watches.start();
  const names = { group: "watch.example", kind: "Spark", plural: "sparks" };
  await cluster.installCrds([openCrd({ ...names, versions: ["v1"], statusSubresource: false })]);
  await cluster.apply({
    apiVersion: "watch.example/v1",
    kind: "Spark",
    metadata: { name: "a", namespace: "default" },
  });
  await soon(() => told).toEqual(["set a"]);
  await cluster.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", "sparks.watch.example");
  await soon(() => watches.size).toBe(1);
  // its objects go first, or the kind does
  expect(told).toEqual(["set a", expect.stringMatching(/^(gone|hidden) watch.example\/Spark\/default\/a$/)]);
});

ownTest(
  "where nothing is known for a while, also not which kinds there are, nothing is hidden",
  async ({ cluster }) => {
    const proxy = await prepared(cluster, "everywhere");
    const troubles: (string | undefined)[] = [];
    const { watches, lines } = watch(cluster, proxy.server, {
      listener: {
        set: ({ metadata: { name } }) => void lines.push(`set ${name}`),
        gone: (key) => void lines.push(`gone ${key}`),
        hidden: (key) => void lines.push(`hidden ${key}`),
        unread: () => {},
        trouble: (_, error) => void troubles.push(error?.message),
      },
    });
    await watches.start();
    lines.length = 0;
    proxy.decide(() => ({ status: 404, body: {} }));
    proxy.cut();
    await soon(() => troubles.at(-1)).toMatch(/^Cannot watch AppProjects: .*404/);
    await cluster.apply(appProject("home/c"));
    proxy.decide(() => "pass");
    await soon(() => lines).toContain("set c");
    expect(lines.filter((line) => !line.startsWith("set "))).toEqual([]);
    await soon(() => troubles.at(-1)).toBeUndefined();
  },
);
