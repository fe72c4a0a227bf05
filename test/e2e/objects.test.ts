import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { ApplicationStatus } from "../../src/argo/application.js";
import type { ResourceDiff } from "../../src/argo/application-tree.js";
import { e2eTest, type Rig } from "./e2e.js";
import { loopback, run, served } from "./run.js";
import { together } from "./together.js";
import { deployment, flux, release } from "./workloads.js";

const statusOf = async (rig: Rig, name: string) =>
  (await served(rig, name))?.status as ApplicationStatus | undefined;

const resourceOf = async (rig: Rig, name: string, kind: string) =>
  (await statusOf(rig, name))?.resources?.find((resource) => resource.kind === kind);

/** What the page compares, of each object that differs: live and predicted. */
async function differences(rig: Rig, name: string): Promise<Record<string, [live: object, wanted: object]>> {
  const { body } = await rig.argocd().request("GET", `/api/v1/applications/${name}/managed-resources`);
  const { items } = body as { items: ResourceDiff[] };
  const different = items.filter((item) => item.normalizedLiveState !== item.predictedLiveState);
  return Object.fromEntries(
    different.map((item) => [
      item.kind,
      [JSON.parse(item.normalizedLiveState), JSON.parse(item.predictedLiveState)],
    ]),
  );
}

/** "STATUS Kind/name: message" of each object in the last sync's result, sorted. */
async function results(rig: Rig, name: string): Promise<string[]> {
  const { syncResult } = (await statusOf(rig, name))?.operationState ?? {};
  return (syncResult?.resources ?? [])
    .map((result) => `${result.status} ${result.kind}/${result.name}: ${result.message}`)
    .sort();
}

/** flamingo runs already. */
async function shown(rig: Rig, name: string, kind: "ks" | "hr"): Promise<void> {
  await run(rig, `generate-app ${kind}/web -n ${name} --app-name ${name}`);
  await expect
    .poll(() => statusOf(rig, name))
    .toMatchObject({ sync: { status: "Synced" }, health: { status: "Healthy" } });
  // what follows is to be later, and times of objects are in seconds
  await sleep(1100);
}

async function reconcile(rig: Rig, apiVersion: string, kind: string, name: string, namespace: string) {
  const annotations = { "reconcile.fluxcd.io/requestedAt": new Date().toISOString() };
  await rig.cluster.change(
    { apiVersion, kind, metadata: { name, namespace } },
    { metadata: { annotations } },
  );
}

const kustomize = "kustomize.toolkit.fluxcd.io/v1";
const source = "source.toolkit.fluxcd.io/v1";
const configMap = (name: string, level: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  level: ${level}\n`;

e2eTest("drift, blame and results are told of each object", async ({ rig }) => {
  loopback(rig);
  await together({
    driftIsTold: () => driftIsTold(rig),
    driftOfARelease: () => driftOfARelease(rig),
    resultsOfACommit: () => resultsOfACommit(rig),
    blameOfACommit: () => blameOfACommit(rig),
    resultsOfAChart: () => resultsOfAChart(rig),
  });
});

/** With who and when, until Flux puts it right. */
async function driftIsTold(rig: Rig): Promise<void> {
  const name = "objects-drift";
  await flux(rig, name);
  await shown(rig, name, "ks");
  expect(await differences(rig, name)).toEqual({});

  await rig.kubectl("set", "image", "deployment/web", "web=example.org/web:2", "-n", name);
  await expect
    .poll(() => resourceOf(rig, name, "Deployment"))
    .toMatchObject({
      status: "OutOfSync",
      health: {
        status: "Healthy",
        message: expect.stringMatching(
          /^spec\.template\.spec\.containers\[name=web\]\.image was changed by kubectl-set at 20\S+Z$/,
        ),
      },
    });
  expect(await statusOf(rig, name)).toMatchObject({
    sync: { status: "OutOfSync" },
    operationState: { phase: "Succeeded" },
  });
  const { Deployment: [live, wanted] = [], ...others } = await differences(rig, name);
  expect(others).toEqual({});
  expect(JSON.stringify(live)).toContain("example.org/web:2");
  expect(JSON.stringify(wanted)).not.toContain("example.org/web");

  await reconcile(rig, kustomize, "Kustomization", "web", name);
  await expect.poll(() => statusOf(rig, name)).toMatchObject({ sync: { status: "Synced" } });
  await expect.poll(() => resourceOf(rig, name, "Deployment")).toMatchObject({ status: "Synced" });
  expect(await differences(rig, name)).toEqual({});

  await rig.kubectl("scale", "deployment/web", "--replicas=2", "-n", name);
  await expect
    .poll(() => resourceOf(rig, name, "Deployment"))
    .toMatchObject({
      status: "OutOfSync",
      health: { message: expect.stringContaining("spec.replicas was changed by kubectl") },
    });
  await reconcile(rig, kustomize, "Kustomization", "web", name);
  await expect.poll(() => statusOf(rig, name)).toMatchObject({ sync: { status: "Synced" } });
}

/** It is what helm-controller finds, whoever it was. */
async function driftOfARelease(rig: Rig): Promise<void> {
  const name = "objects-drift-hr";
  await release(rig, name, { driftDetection: { mode: "warn" } });
  await shown(rig, name, "hr");
  const web = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: name } };
  await rig.cluster.change(web, { spec: { replicas: 2 } });
  await reconcile(rig, "helm.toolkit.fluxcd.io/v2", "HelmRelease", "web", name);
  await expect
    .poll(() => resourceOf(rig, name, "Deployment"))
    .toMatchObject({
      status: "OutOfSync",
      health: {
        message: expect.stringMatching(/Flux found it changed \(\d+ additions, 1 changes, \d+ removals\)$/),
      },
    });
  expect(await statusOf(rig, name)).toMatchObject({ sync: { status: "OutOfSync" } });
  const { HelmRelease: [live] = [] } = await differences(rig, name);
  expect(live).toMatchObject({
    status: { ready: "True", changed: [expect.stringContaining("Deployment web in objects-drift-hr: ")] },
  });
}

/** What was done to each object. */
async function resultsOfACommit(rig: Rig): Promise<void> {
  const name = "objects-results";
  const workload = await flux(rig, name, {
    "app/deployment.yaml": deployment("web"),
    "app/same.yaml": configMap("same", "info"),
    "app/old.yaml": configMap("old", "info"),
  });
  await shown(rig, name, "ks");
  const commit = await workload.push({
    "app/deployment.yaml": deployment("web", 2),
    "app/new.yaml": configMap("new", "info"),
    "app/old.yaml": null,
  });
  await reconcile(rig, source, "GitRepository", "content", name);
  await expect
    .poll(() => statusOf(rig, name))
    .toMatchObject({
      sync: { status: "Synced", revision: commit },
      operationState: { phase: "Succeeded" },
    });
  expect(await results(rig, name)).toEqual([
    "Pruned ConfigMap/old: pruned",
    "Synced ConfigMap/new: configmap/new created",
    "Synced ConfigMap/same: configmap/same unchanged",
    "Synced Deployment/web: deployment.apps/web configured",
  ]);
}

/** It marks the object that it breaks, and nothing else. */
async function blameOfACommit(rig: Rig): Promise<void> {
  const name = "objects-blame";
  const workload = await flux(rig, name, undefined, { wait: true, timeout: "30s", retryInterval: "1h" });
  await shown(rig, name, "ks");
  const nowhere = `${deployment("web")}      nodeSelector: { nowhere: "true" }\n`;
  const commit = await workload.push({
    "app/deployment.yaml": nowhere,
    "app/other.yaml": configMap("other", "info"),
  });
  await reconcile(rig, source, "GitRepository", "content", name);
  await expect
    .poll(() => statusOf(rig, name))
    .toMatchObject({
      sync: { status: "OutOfSync", revision: commit },
      health: { status: "Degraded" },
      operationState: { phase: "Failed" },
    });
  const said = /timeout waiting for: Deployment\/objects-blame\/web status: 'InProgress'/;
  expect(await resourceOf(rig, name, "Deployment")).toMatchObject({
    health: { status: "Degraded", message: expect.stringMatching(said) },
  });
  expect(await results(rig, name)).toEqual([
    expect.stringMatching(said),
    "Synced ConfigMap/other: configmap/other created",
  ]);
  const { Kustomization: [live, wanted] = [] } = await differences(rig, name);
  expect(live).toMatchObject({ status: { revision: workload.commit, ready: "False" } });
  expect(wanted).toMatchObject({ status: { revision: commit, ready: "True" } });

  // what cannot be applied at all: the object is well, and only the result names it
  const refused = deployment("web").replaceAll("app: web", "app: other");
  await workload.push({ "app/deployment.yaml": refused });
  await reconcile(rig, source, "GitRepository", "content", name);
  await expect
    .poll(() => results(rig, name))
    .toEqual([expect.stringMatching(/^SyncFailed Deployment\/web: .* dry-run failed \(Invalid\): /)]);
}

/** What Helm did, and what it failed with. */
async function resultsOfAChart(rig: Rig): Promise<void> {
  const name = "objects-release";
  const workload = await release(
    rig,
    name,
    { timeout: "8s" },
    {
      "charts/web/templates/same.yaml": configMap("same", "info"),
      "charts/web/templates/old.yaml": configMap("old", "info"),
    },
  );
  await shown(rig, name, "hr");
  const push = async (version: string, files: Record<string, string | null>) => {
    const chart = `apiVersion: v2\nname: web\nversion: ${version}\n`;
    await workload.push({ "charts/web/Chart.yaml": chart, ...files });
    await reconcile(rig, source, "GitRepository", "content", name);
  };
  const template = "charts/web/templates/deployment.yaml";

  await push("1.2.4", {
    "charts/web/values.yaml": "replicas: 2\n",
    "charts/web/templates/new.yaml": configMap("new", "info"),
    "charts/web/templates/old.yaml": null,
  });
  await expect
    .poll(() => results(rig, name))
    .toEqual([
      "Pruned ConfigMap/old: pruned",
      "Synced ConfigMap/new: configmap/new created",
      "Synced ConfigMap/same: configmap/same unchanged",
      "Synced Deployment/web: deployment.apps/web configured",
    ]);

  await push("1.2.5", { [template]: `${deployment("web", 2)}      nodeSelector: { nowhere: "true" }\n` });
  await expect
    .poll(() => results(rig, name))
    .toEqual([
      expect.stringMatching(
        /^SyncFailed Deployment\/web: .*Helm upgrade failed .*timeout waiting for: Deployment/,
      ),
    ]);
  expect(await resourceOf(rig, name, "Deployment")).toMatchObject({
    health: { status: "Degraded", message: expect.stringContaining("Helm upgrade failed ") },
  });

  await push("1.2.6", { [template]: deployment("web").replaceAll("app: web", "app: other") });
  await expect
    .poll(() => results(rig, name))
    .toEqual([
      expect.stringMatching(/^SyncFailed Deployment\/web: .*Helm upgrade failed .*field is immutable/),
    ]);
}
