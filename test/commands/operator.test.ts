/** What the Flux Operator reconciles, by the commands that take workloads. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { fi, flux, git, ks, operatorReady, rset } from "../builders/flux.js";
import { argoCrds, fluxMinor, operatorCrds, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { flamingo } from "../flamingo.js";

const operatorTest = ownClusterTest((cluster) =>
  cluster.installCrds([...fluxMinor("2.9"), ...argoCrds(), ...operatorCrds()]),
);

const key = "fluxcd.controlplane.io/reconcile";
const requestedAt = "reconcile.fluxcd.io/requestedAt";
const apiVersion = "fluxcd.controlplane.io/v1";
const digest = `sha256:${"ab".repeat(32)}`;

const status = { conditions: [operatorReady], lastAppliedRevision: digest };

/** A ResourceSet that a Kustomization applied, with a ConfigMap that it applied itself, and a FluxInstance. */
async function scene(cluster: TestCluster, namespace: string) {
  await cluster.createNamespace(namespace);
  const appliedBy = (prefix: string, name: string) => ({
    labels: { [`${prefix}/name`]: name, [`${prefix}/namespace`]: namespace },
  });
  const inventory = { entries: [{ id: `${namespace}_settings__ConfigMap`, v: "v1" }] };
  await cluster.applyAll([
    git(`${namespace}/src`),
    ks(`${namespace}/cluster`, { path: "./clusters/prod" }),
    {
      ...rset(`${namespace}/teams`, {}, appliedBy("kustomize.toolkit.fluxcd.io", "cluster")),
      status: { ...status, inventory },
    },
    { ...fi(`${namespace}/flux`), status },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        ...{ name: "settings", namespace },
        ...appliedBy("resourceset.fluxcd.controlplane.io", "teams"),
      },
    },
  ]);
  return (line: string) =>
    flamingo(`${line} -n ${namespace} -N ${namespace}`, { kubeconfig: cluster.kubeconfig() });
}

describe("generate-app", () => {
  operatorTest("takes source and path from who applied a ResourceSet", async ({ cluster }) => {
    const run = await scene(cluster, "gen-set");
    expect(await run("generate-app rset/teams")).toMatchObject({
      exitCode: 0,
      stdout: "application.argoproj.io/teams created\n",
    });
    const application = await cluster.get("argoproj.io/v1alpha1", "Application", "teams", "gen-set");
    expect(application).toMatchObject({
      metadata: {
        labels: { "flamingo/workload-type": "ResourceSet", "flamingo/source-type": "GitRepository" },
        annotations: { "flamingo/engine": "loopback" },
      },
      spec: { source: { repoURL: "https://git.example/r", path: "clusters/prod", targetRevision: "main" } },
    });
    expect((await run("generate-app rset/teams -o json")).stdout).toContain('"source": null');
  });

  operatorTest("takes them from the sync of a FluxInstance", async ({ cluster }) => {
    const run = await scene(cluster, "gen-instance");
    const { stdout } = await run("generate-app FluxInstance/flux --export -o json");
    expect(JSON.parse(stdout).items[0].spec.source).toEqual({
      repoURL: "https://git.example/fleet",
      path: "clusters/prod",
      targetRevision: "refs/heads/main",
    });
  });

  operatorTest("takes them only when they are asked for", async ({ cluster }) => {
    const run = await scene(cluster, "gen-all");
    const names = async (line: string) => {
      const { stdout } = await run(`generate-app --all ${line} --export -o json`);
      return JSON.parse(stdout).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    };
    expect(await names("")).toEqual(["gen-all-cluster-ks"]);
    expect(await names("--kind rset")).toEqual(["gen-all-teams-rset"]);
    expect(await names("--kind fi")).toEqual(["gen-all-flux-fi"]);
  });
});

operatorTest("get, tree and trace show them", async ({ cluster }) => {
  const run = await scene(cluster, "shown");
  await run("generate-app rset/teams");
  const { stdout } = await run("get -o json");
  expect(JSON.parse(stdout).items).toMatchObject([
    {
      name: "teams",
      workload: { kind: "ResourceSet", namespace: "shown", name: "teams" },
      sourceType: "GitRepository",
      ready: "True",
      revision: digest,
      message: expect.stringMatching(/^Reconciliation finished in 2s;/),
    },
  ]);
  expect((await run("tree rset/teams")).stdout).toMatch(/ResourceSet\/teams .*\n.*ConfigMap\/settings /);
  expect((await run("trace configmap/settings")).stdout).toContain("Kustomization cluster in shown");
});

operatorTest("tree has who gives a ResourceSet inputs, and what a generator made", async ({ cluster }) => {
  const run = await scene(cluster, "drawn");
  const inventory = {
    entries: [{ id: "drawn_maker_source.extensions.fluxcd.io_ArtifactGenerator", v: "v1beta1" }],
  };
  await cluster.applyAll<TestObject>([
    flux("ResourceSetInputProvider", "drawn/chosen", { type: "Static" }, { labels: { team: "a" } }),
    {
      ...rset("drawn/teams", { inputsFrom: [{ selector: { matchLabels: { team: "a" } } }] }),
      status: { ...status, inventory },
    },
    {
      ...flux("ArtifactGenerator", "drawn/maker"),
      status: { inventory: [{ name: "made", namespace: "drawn" }] },
    },
    flux("ExternalArtifact", "drawn/made"),
  ]);
  expect((await run("tree rset/teams")).stdout).toMatch(
    /\nResourceSetInputProvider\/chosen .*\n└─ ResourceSet\/teams .*\n +└─ ArtifactGenerator\/maker .*\n +└─ ExternalArtifact\/made /,
  );
});

operatorTest("suspend and resume switch them off and on", async ({ cluster }) => {
  const run = await scene(cluster, "switched");
  const annotations = async () =>
    (await cluster.get(apiVersion, "ResourceSet", "teams", "switched")).metadata.annotations;
  expect(await run("suspend rset/teams --reason repair")).toMatchObject({
    exitCode: 0,
    stdout: "ResourceSet teams in switched suspended\n",
  });
  expect(await annotations()).toMatchObject({ [key]: "disabled", "flamingo/suspend-reason": "repair" });
  expect(await run("wait rset/teams")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("it is suspended"),
  });
  expect(await run("reconcile rset/teams")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("flamingo resume rset/teams -n switched"),
  });
  expect((await run("resume rset/teams")).stdout).toBe("ResourceSet teams in switched resumed\n");
  expect(await annotations()).toEqual({ [key]: "enabled" });
  expect(await run("wait rset/teams")).toMatchObject({ exitCode: 0 });
});

operatorTest("reconcile asks by the annotation that Flux has, too", async ({ cluster }) => {
  const run = await scene(cluster, "asked");
  const answered = async () => {
    for (;;) {
      const { metadata } = await cluster.get(apiVersion, "FluxInstance", "flux", "asked");
      const token = metadata.annotations?.[requestedAt];
      if (token !== undefined) {
        const told = { ...status, lastHandledReconcileAt: token };
        return cluster.apply({ ...fi("asked/flux"), status: told });
      }
      await sleep(20);
    }
  };
  const [result] = await Promise.all([run("reconcile fi/flux --with-source"), answered()]);
  expect(result).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("FluxInstance flux in asked reconciled"),
  });
});

operatorTest("delete never takes a FluxInstance along", async ({ cluster }) => {
  const run = await scene(cluster, "kept");
  await run("generate-app fi/flux");
  await run("generate-app rset/teams");
  expect(await run("delete flux --cascade=flux --yes")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("to delete it uninstalls Flux from the cluster"),
  });
  expect((await run("delete flux --yes")).exitCode).toBe(0);
  expect(await cluster.get(apiVersion, "FluxInstance", "flux", "kept")).toBeDefined();
});
