import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { appProject, generated } from "../builders/argo.js";
import { git, ks } from "../builders/flux.js";
import { ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { flamingo } from "../flamingo.js";
import { installArgo, installFlux, stock } from "./check/scene.js";

const engineTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, stock);
  await cluster.createNamespace("apps");
  await cluster.apply(appProject("default"));
});

/** The engine, without redis: statuses and answers are written all the same. */
function startEngine(cluster: TestCluster, flags = ""): void {
  const end = new AbortController();
  const engine = flamingo(`loopback --redis 127.0.0.1:1 ${flags}`.trim(), {
    kubeconfig: cluster.kubeconfig(),
    signal: end.signal,
    ticking: true,
  });
  onTestFinished(async () => {
    end.abort();
    await engine;
  });
}

const application = (cluster: TestCluster, name: string) =>
  cluster.find("argoproj.io/v1alpha1", "Application", name, "argocd");

async function expectPromised(cluster: TestCluster, flags: string): Promise<void> {
  const kubeconfig = cluster.kubeconfig();
  const preview = await flamingo(`delete ${flags} --dry-run`, { kubeconfig });
  expect(await flamingo(`delete ${flags} --yes`, { kubeconfig })).toEqual({
    exitCode: 0,
    stdout: preview.stdout.replaceAll(" (dry run)", ""),
    stderr: preview.stderr,
  });
}

engineTest("what delete promises happens beside a running engine, too", async ({ cluster }) => {
  const workloads = [ks("kept"), ks("gone", { sourceRef: { kind: "GitRepository", name: "own" } })];
  const finalizers = ["resources-finalizer.argocd.argoproj.io"];
  const apps = workloads.map((workload) => generated(workload, { cascade: true }));
  await cluster.applyAll<TestObject>([git(), git("own"), ...workloads]);
  await cluster.applyAll(apps.map((app) => ({ ...app, metadata: { ...app.metadata, finalizers } })));
  startEngine(cluster);
  await expect
    .poll(async () => (await application(cluster, "gone"))?.["status"], { timeout: 60_000 })
    .toMatchObject({ health: { status: "Progressing" } });

  const left = async (kind: string, apiVersion: string) =>
    (await cluster.list(apiVersion, kind, "apps")).map(({ metadata }) => metadata.name);
  for (const flags of ["kept", "gone --cascade=flux"]) await expectPromised(cluster, flags);
  expect(await Promise.all(["kept", "gone"].map((name) => application(cluster, name)))).toEqual([
    undefined,
    undefined,
  ]);
  expect(await left("Kustomization", "kustomize.toolkit.fluxcd.io/v1")).toEqual(["kept"]);
  expect(await left("GitRepository", "source.toolkit.fluxcd.io/v1")).toEqual(["src"]);
});

engineTest("what --auto made goes with its workload only, and stays away", async ({ cluster }) => {
  await cluster.createNamespace("auto");
  await cluster.applyAll<TestObject>([git("auto/src"), ks("auto/web")]);
  startEngine(cluster, "--auto -n auto");
  const name = "auto-web-ks";
  await expect.poll(() => application(cluster, name), { timeout: 60_000 }).toBeDefined();

  const alone = await flamingo(`delete ${name} --yes`, { kubeconfig: cluster.kubeconfig() });
  expect(alone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("would make it again") });
  await expectPromised(cluster, `${name} --cascade=flux`);
  // the engine looks again after a second
  await sleep(2000);
  expect(await application(cluster, name)).toBeUndefined();
  expect(await cluster.list("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "auto")).toEqual([]);
});
