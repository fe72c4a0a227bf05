import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { maybe } from "../../application-states.js";
import { ks } from "../../builders/flux.js";
import { e2eTest, type Rig } from "../e2e.js";
import { type Follow, startFollowing } from "../followed.js";
import { ourSide } from "../our-side.js";
import { loopback, run } from "../run.js";
import { together } from "../together.js";
import { flux, release } from "../workloads.js";

// beside each other, since the first one takes a minute
e2eTest("what is no failure makes no alarm, and what is one makes one", async ({ rig }) => {
  const follow = await startFollowing(rig);
  loopback(rig);
  await together({
    dependencyIsWaitedFor: () => dependencyIsWaitedFor(rig, follow),
    chainIsNamed: () => chainIsNamed(rig, follow),
    circleIsClosed: () => circleIsClosed(rig, follow),
    sourceFails: () => sourceFails(rig, follow),
    upgradeIsRolledBack: () => upgradeIsRolledBack(rig, follow),
  });
});

const untilItWaits = [
  maybe("Synced first, Progressing, Succeeded first"),
  "Synced first, Healthy, Succeeded first",
  maybe("OutOfSync first, Healthy, Succeeded first"),
  "OutOfSync first, Healthy, Succeeded first, DependencyWarning",
];

/** In silence, for a minute. */
async function dependencyIsWaitedFor(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-waits");
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  await rig.cluster.change(workload.kustomization, { spec: { dependsOn: [{ name: "nobody" }] } });
  await rig.reconcile(workload.kustomization);
  await ours.until({ conditions: [{ type: "DependencyWarning" }] });
  // Flux asks again each five seconds
  await sleep(60_000);
  await ours.expectSent([]);
  ours.expectStates(untilItWaits, titles);
}

/** Down to the one that fails, as long as it does. */
async function chainIsNamed(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-chain");
  const { namespace, kustomization } = workload;
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  const { spec } = kustomization as { spec?: object };
  const storage = ks(`${namespace}/storage`, { ...spec, namePrefix: "storage-", path: "./nowhere" });
  await rig.cluster.apply(storage);
  const base = ks(`${namespace}/base`, { ...spec, namePrefix: "base-", dependsOn: [{ name: "storage" }] });
  await rig.cluster.apply(base);
  await rig.cluster.change(kustomization, { spec: { dependsOn: [{ name: "base" }] } });
  const message = expect.stringMatching(
    /^Kustomization web in scene-chain waits for Kustomization base in scene-chain, which waits for Kustomization storage in scene-chain, which failed: kustomization path not found/,
  );
  await ours.until({ conditions: [{ type: "DependencyWarning", message }] });
  const { body } = await rig.argocd().request("GET", `/api/v1/applications/${namespace}/resource-tree`);
  const value = `Kustomization base in ${namespace} → Kustomization storage in ${namespace}`;
  expect(body).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({ name: "web", info: expect.arrayContaining([{ name: "Waits for", value }]) }),
    ]),
  });
  await rig.cluster.change(storage, { spec: { path: "./app" } });
  for (const one of [storage, base, kustomization]) {
    // else Flux looks at what they wait for twice a minute
    await rig.reconcile(one);
    await rig.untilReady(one);
  }
  await ours.until({ sync: { status: "Synced" } });
  await ours.expectSent([]);
  const states = [
    ...untilItWaits,
    maybe("OutOfSync first, Healthy, Succeeded first"),
    "Synced first, Healthy, Succeeded first",
  ];
  ours.expectStates(states, titles);
}

/** Two that wait for each other do so in silence, and whoever asks is told why it never ends. */
async function circleIsClosed(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-circle");
  const { namespace, kustomization } = workload;
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  const { spec } = kustomization as { spec?: object };
  await rig.cluster.change(kustomization, { spec: { dependsOn: [{ name: "other" }] } });
  await ours.until({ conditions: [{ type: "DependencyWarning" }] });
  await rig.cluster.apply(
    ks(`${namespace}/other`, { ...spec, namePrefix: "other-", dependsOn: [{ name: "web" }] }),
  );
  expect(await run(rig, `reconcile ks/web -n ${namespace} --timeout 8s`)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining(
      "✗ Cannot wait any longer for Kustomization web in scene-circle: it waits for Kustomization other in scene-circle, " +
        "which waits for Kustomization web in scene-circle, which closes the circle\n",
    ),
  });
  expect(await run(rig, `tree ks/web --depends-on -n ${namespace}`)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(
      "⚠ Kustomization other in scene-circle and Kustomization web in scene-circle depend on each other: " +
        "Flux never comes to them\n",
    ),
  });
  await ours.expectSent([]);
  ours.expectStates(untilItWaits, titles);
}

/** One that cannot be fetched is told of as such, and the workload keeps its health. */
async function sourceFails(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-source");
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  await rig.cluster.change(workload.source, { spec: { ref: { branch: "nowhere" } } });
  await ours.until({ sync: { status: "Unknown" } });
  await ours.expectSent(["on-sync-status-unknown"]);
  await rig.cluster.change(workload.source, { spec: { ref: { branch: "main" } } });
  await ours.until({ sync: { status: "Synced" } });
  await ours.expectSent([]);
  ours.expectStates(
    [
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
      "Unknown first, Healthy, Succeeded first, ComparisonError",
      "Synced first, Healthy, Succeeded first",
    ],
    titles,
  );
}

/** That is one failure, and other values of one chart are no news. */
async function upgradeIsRolledBack(rig: Rig, follow: Follow): Promise<void> {
  const workload = await release(rig, "scene-release", {
    upgrade: { remediation: { retries: 1, remediateLastFailure: true, strategy: "rollback" } },
    values: { replicas: 1 },
  });
  const helmRelease = {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "web", namespace: workload.namespace },
  };
  const { ours } = await ourSide(rig, follow, "hr/web", workload);
  await rig.cluster.change(helmRelease, { spec: { values: { replicas: 2 } } });
  await ours.until({ sync: { status: "Synced" }, history: [{ id: 0 }, { id: 1 }] });
  await ours.expectSent([]);
  await rig.cluster.change(helmRelease, { spec: { values: { replicas: -1 } } });
  await ours.until({ operationState: { phase: "Failed" }, health: { status: "Degraded" } });
  await sleep(10_000);
  await ours.expectSent(["on-sync-failed", "on-health-degraded"]);
}
