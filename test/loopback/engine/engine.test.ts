import { expect, onTestFinished } from "vitest";
import { aborted } from "../../../src/abort.js";
import type { Application } from "../../../src/argo/application.js";
import { onlyShard } from "../../../src/argo/shard.js";
import { UserError } from "../../../src/errors.js";
import { readArgoSettings } from "../../../src/gather/argo-settings.js";
import { Engine } from "../../../src/loopback/engine/engine.js";
import { Metrics } from "../../../src/loopback/engine/metrics.js";
import { appProject, generated } from "../../builders/argo.js";
import { hr, ks, src } from "../../builders/flux.js";
import { argoCrds, fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { kubeFor } from "../../kube/kube-for.js";
import { soon } from "../../kube/watch/listen.js";

const ownTest = ownClusterTest((cluster) => cluster.installCrds(argoCrds()));

function configMap(name: string, data: Record<string, string>): TestObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "argocd", name }, data };
}

async function startEngine(cluster: TestCluster, { dryRun = true, shard = onlyShard } = {}) {
  const kube = kubeFor(cluster);
  const stop = new AbortController();
  const remarks: string[] = [];
  const failures: string[] = [];
  const metrics = new Metrics();
  const engine = new Engine({
    kube,
    settings: await readArgoSettings(kube, "argocd"),
    shard,
    dryRun,
    now: () => new Date(),
    signal: stop.signal,
    metrics,
    listener: {
      reported() {},
      dropped() {},
      failed: (_, error) => void failures.push(error.message),
      answered() {},
      auto() {},
      undone() {},
      remark: (text) => void remarks.push(text),
    },
  });
  onTestFinished(async () => {
    stop.abort();
    await engine.stop();
  });
  await engine.read();
  return { engine, remarks, failures, metrics };
}

ownTest("Argo CD's ConfigMaps count when they come, change and go", async ({ cluster }) => {
  await cluster.createNamespace("argocd");
  await cluster.applyAll([
    configMap("argocd-cm", { "resource.customLabels": "team" }),
    configMap("argocd-cmd-params-cm", { "application.namespaces": "team-a, team-b" }),
  ]);
  const { engine, remarks } = await startEngine(cluster);
  const settings = () => {
    const { applicationNamespaces, customLabels } = engine.world.settings;
    return [...applicationNamespaces, ...customLabels];
  };
  expect(settings()).toEqual(["team-a", "team-b", "team"]);
  await cluster.delete("v1", "ConfigMap", "argocd-cmd-params-cm", "argocd");
  await soon(settings).toEqual(["team"]);
  await cluster.applyAll([configMap("argocd-cmd-params-cm", { "application.namespaces": "/(?!x)/" })]);
  await soon(() => remarks.splice(0)).toEqual([
    "/(?!x)/ in application.namespaces of the ConfigMap argocd-cmd-params-cm is no expression of RE2: it admits no namespace",
  ]);
  await cluster.applyAll([configMap("argocd-cmd-params-cm", { "application.namespaces": "team-c" })]);
  await soon(settings).toEqual(["team-c", "team"]);
  await cluster.applyAll([configMap("argocd-cm", { "resource.exclusions": "none" })]);
  await soon(() => remarks).toEqual([
    "Cannot read resource.exclusions of the ConfigMap argocd-cm: it is no list",
  ]);
  expect(settings()).toEqual(["team-c", "team"]);
  await cluster.delete("v1", "ConfigMap", "argocd-cm", "argocd");
  await soon(settings).toEqual(["team-c"]);
});

const ownFluxTest = ownClusterTest((cluster) => cluster.installCrds([...argoCrds(), ...fluxMinor("2.9")]));

/** As many maps in each other as an API server takes, and more than a program takes that calls itself for each. */
const depth = 9000;
const deep = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

ownFluxTest("an object that nothing can be made of is left out alone, and said once", async ({ cluster }) => {
  for (const name of ["argocd", "apps"]) await cluster.createNamespace(name);
  await cluster.applyAll([
    appProject("default"),
    src,
    ks("web"),
    generated(ks("web")),
    generated(hr("deep")),
  ]);
  const { metadata, apiVersion, kind } = hr("deep");
  const written = JSON.stringify({ apiVersion, kind, metadata }).replace(/}$/, `,"spec":{"values":${deep}}}`);
  const path = "/apis/helm.toolkit.fluxcd.io/v2/namespaces/apps/helmreleases";
  expect((await cluster.request("POST", path, written)).status).toBe(201);
  const { engine, remarks, metrics } = await startEngine(cluster, { dryRun: false });
  expect([...engine.world.workloads.values()].map(({ metadata: { name } }) => name)).toEqual(["web"]);
  expect(metrics.bugs).toBe(1);
  expect(remarks).toEqual([
    expect.stringMatching(
      /^Cannot take in HelmRelease deep in apps, which is a bug of flamingo: RangeError: .* at \S/,
    ),
  ]);
  await engine.report({ put: async () => "written", remove: async () => {} });
  const shown = (name: string) => cluster.get("argoproj.io/v1alpha1", "Application", name, "argocd");
  expect(await shown("web")).toMatchObject({ status: { health: { status: "Progressing" } } });
  expect(await shown("deep")).toMatchObject({
    status: {
      health: { status: "Unknown" },
      conditions: [
        {
          type: "ComparisonError",
          message:
            "Cannot read HelmRelease.helm.toolkit.fluxcd.io: an object is left out, which is a bug of flamingo that its log tells of",
        },
      ],
    },
  });
});

ownFluxTest("an Application that cannot be reported says so, until it can be", async ({ cluster }) => {
  for (const name of ["argocd", "apps"]) await cluster.createNamespace(name);
  await cluster.applyAll([appProject("default"), src, ks("web"), generated(ks("web"))]);
  const { engine, failures, metrics } = await startEngine(cluster, { dryRun: false });
  let isBroken = true;
  const done = engine.report({
    put: async () => {
      if (isBroken) throw new TypeError("nothing is no tree");
      return "written";
    },
    remove: async () => {},
  });
  const status = async () =>
    (await cluster.get("argoproj.io/v1alpha1", "Application", "web", "argocd"))["status"];
  await expect.poll(status).toMatchObject({
    conditions: [
      {
        type: "ComparisonError",
        message: "This Application cannot be shown, which is a bug of flamingo that its log tells of",
      },
    ],
  });
  isBroken = false;
  await done;
  await expect
    .poll(status, { timeout: 5000 })
    .toMatchObject({ conditions: [], health: { status: "Progressing" } });
  expect(metrics.bugs).toBeGreaterThan(0);
  expect(failures.filter((text) => text.includes("argocd/web"))).toEqual([
    expect.stringMatching(
      /^Cannot report the Application argocd\/web, which is a bug of flamingo: TypeError: nothing is no tree at /,
    ),
  ]);
});

ownFluxTest("an Application where Argo CD does not look is let alone", async ({ cluster }) => {
  for (const name of ["argocd", "apps", "team-x"]) await cluster.createNamespace(name);
  const guest = generated(ks("web"), { name: "guest", namespace: "team-x" });
  await cluster.applyAll([appProject("default", { sourceNamespaces: ["team-*"] }), src, ks("web"), guest]);
  const { engine } = await startEngine(cluster, { dryRun: false });
  const removed: string[] = [];
  await engine.report({
    put: async () => "written",
    remove: async (instance) => void removed.push(instance),
  });
  const shown = () => cluster.get("argoproj.io/v1alpha1", "Application", "guest", "team-x");
  expect(await shown()).not.toHaveProperty("status");
  expect(engine.instances()).not.toContain("team-x_guest");
  await cluster.apply(configMap("argocd-cmd-params-cm", { "application.namespaces": "team-*" }));
  // it was looked at a moment before
  const patient = { timeout: 5000 };
  await expect.poll(shown, patient).toMatchObject({ status: { health: { status: "Progressing" } } });
  const { status } = await shown();
  await cluster.apply(configMap("argocd-cmd-params-cm", { "application.namespaces": "other" }));
  await expect.poll(() => removed, patient).toEqual(["team-x_guest"]);
  expect((await shown())["status"]).toEqual(status);
});

ownFluxTest("who asks for a refresh finds it when that is answered", async ({ cluster }) => {
  for (const name of ["argocd", "apps"]) await cluster.createNamespace(name);
  await cluster.applyAll([appProject("default"), src, ks("web"), generated(ks("web"))]);
  const { engine } = await startEngine(cluster, { dryRun: false });
  const application = () => engine.world.applications.get("argocd/web");
  const isAsked = () => "argocd.argoproj.io/refresh" in (application()?.metadata.annotations ?? {});
  let wasAsked = false;
  await engine.report({
    // between the report that Flux is suspended and its way into the Application
    put: async (_, { tree }) => {
      if (wasAsked || !JSON.stringify(tree).includes("Suspended")) return "written";
      const annotations = { "argocd.argoproj.io/refresh": "normal" };
      await cluster.change(generated(ks("web")), { metadata: { annotations } });
      await soon(isAsked).toBe(true);
      wasAsked = true;
      return "written";
    },
    remove: async () => {},
  });
  await cluster.change(ks("web"), { spec: { suspend: true } });
  await soon(() => wasAsked && !isAsked()).toBe(true);
  expect(application()).toMatchObject({ status: { health: { status: "Suspended" } } });
});

ownFluxTest("a shard reports its own Applications, and no other", async ({ cluster }) => {
  for (const name of ["argocd", "apps"]) await cluster.createNamespace(name);
  // by their names web and api are in shard 2, and db in shard 1
  const apps = ["web", "api", "db"].flatMap((name) => [ks(name), generated(ks(name))]);
  await cluster.applyAll([appProject("default"), src, ...apps]);
  const { engine } = await startEngine(cluster, { dryRun: false, shard: { index: 2, count: 2 } });
  const written: string[] = [];
  await engine.report({
    put: async (instance) => {
      written.push(instance);
      return "written";
    },
    remove: async () => {},
  });
  for (const instances of [written, engine.instances()]) {
    expect(instances).toEqual(expect.arrayContaining(["api", "web"]));
    expect(instances).not.toContain("db");
  }
  expect(["db", "web", "team-a_web"].map((instance) => engine.isOurs(instance))).toEqual([
    false,
    true,
    false,
  ]);
  const shown = (name: string) => cluster.get("argoproj.io/v1alpha1", "Application", name, "argocd");
  expect(await shown("web")).toHaveProperty("status");
  expect(await shown("db")).not.toHaveProperty("status");
});

ownFluxTest(
  "what another shard's Application shows is read when one of this shard comes",
  async ({ cluster }) => {
    for (const name of ["argocd", "apps"]) await cluster.createNamespace(name);
    const labels = {
      "kustomize.toolkit.fluxcd.io/name": "db",
      "kustomize.toolkit.fluxcd.io/namespace": "apps",
    };
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "apps", name: "db", labels } };
    const db = { ...ks("db"), status: { inventory: { entries: [{ id: "apps_db__ConfigMap", v: "v1" }] } } };
    await cluster.applyAll([appProject("default"), src, db, generated(ks("db")), map]);
    const { engine } = await startEngine(cluster, { dryRun: false, shard: { index: 2, count: 2 } });
    await engine.report({ put: async () => "written", remove: async () => {} });
    const isWhole = () => engine.world.live.whole("/ConfigMap/apps/db") !== undefined;
    expect(isWhole()).toBe(false);
    // by its name it is in shard 2
    await cluster.apply(generated(ks("db"), { name: "web" }));
    await soon(isWhole).toBe(true);
  },
);

ownFluxTest("what Argo CD calls its own cluster counts, and whether it manages it", async ({ cluster }) => {
  for (const name of ["argocd", "apps"]) await cluster.createNamespace(name);
  const destinations = [
    { server: "*", namespace: "*" },
    { name: "!prod", namespace: "*" },
  ];
  await cluster.applyAll([appProject("default", { destinations }), src, ks("web"), generated(ks("web"))]);
  const { engine } = await startEngine(cluster, { dryRun: false });
  await engine.report({ put: async () => "written", remove: async () => {} });
  const conditions = async () => {
    const path = "argoproj.io/v1alpha1";
    const { status } = await cluster.get<Application & TestObject>(path, "Application", "web", "argocd");
    return status?.conditions?.map(({ message }) => message);
  };
  expect(await conditions()).toEqual([]);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      namespace: "argocd",
      name: "own",
      labels: { "argocd.argoproj.io/secret-type": "cluster" },
    },
    stringData: { server: "https://kubernetes.default.svc", name: "prod" },
  };
  await cluster.apply(secret);
  await expect
    .poll(conditions)
    .toEqual(["The AppProject default does not permit the namespace apps on this cluster"]);
  await cluster.apply({ ...secret, stringData: { ...secret.stringData, name: "test", namespaces: "web" } });
  await expect
    .poll(conditions)
    .toEqual(["Argo CD does not look at the namespace apps: the Secret of its own cluster names others"]);
  await cluster.delete("v1", "Secret", "own", "argocd");
  await expect.poll(conditions).toEqual([]);
  await cluster.apply(configMap("argocd-cm", { "cluster.inClusterEnabled": "false" }));
  await expect
    .poll(conditions)
    .toEqual(["Argo CD is told not to manage the cluster that it runs in (cluster.inClusterEnabled)"]);
});

ownFluxTest("the status does not wait for a redis that is away", async ({ cluster }) => {
  for (const name of ["argocd", "away"]) await cluster.createNamespace(name);
  const workload = ks("away/web");
  await cluster.applyAll([appProject("default"), workload, generated(workload, { name: "away" })]);
  const { engine, failures } = await startEngine(cluster, { dryRun: false });
  const givenUp = new AbortController();
  const store = {
    put: () => aborted(givenUp.signal).then(() => Promise.reject(new UserError("redis is away"))),
    remove: async () => {},
  };
  engine.report(store).catch(() => {});
  const shown = () => cluster.get("argoproj.io/v1alpha1", "Application", "away", "argocd");
  await expect.poll(shown, { timeout: 20_000 }).toMatchObject({ status: { sync: expect.anything() } });
  expect(failures).toEqual([]);
  givenUp.abort();
  await soon(() => failures).toContain("redis is away");
});
