import { setTimeout as sleep } from "node:timers/promises";
import { maybe } from "../../application-states.js";
import { e2eTest } from "../e2e.js";
import { ourSide } from "../our-side.js";
import { flux, release } from "../workloads.js";

e2eTest("a dependency that is not ready is waited for in silence", async ({ rig }) => {
  const workload = await flux(rig, "scene-waits");
  const { ours, titles } = await ourSide(rig, "ks/web", workload);
  await rig.cluster.change(workload.kustomization, { spec: { dependsOn: [{ name: "nobody" }] } });
  await rig.reconcile(workload.kustomization);
  await ours.until({ conditions: [{ type: "DependencyWarning" }] });
  // Flux asks again each five seconds
  await sleep(15_000);
  await ours.expectSent([]);
  ours.expectStates(
    [
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
      maybe("OutOfSync first, Healthy, Succeeded first"),
      "OutOfSync first, Healthy, Succeeded first, DependencyWarning",
    ],
    titles,
  );
});

e2eTest(
  "a source that cannot be fetched is told of as such, and the workload keeps its health",
  async ({ rig }) => {
    const workload = await flux(rig, "scene-source");
    const { ours, titles } = await ourSide(rig, "ks/web", workload);
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
  },
);

e2eTest(
  "an upgrade that is rolled back is one failure, and other values of one chart are no news",
  async ({ rig }) => {
    const workload = await release(rig, "scene-release", {
      upgrade: { remediation: { retries: 1, remediateLastFailure: true, strategy: "rollback" } },
      values: { replicas: 1 },
    });
    const helmRelease = {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "web", namespace: workload.namespace },
    };
    const { ours } = await ourSide(rig, "hr/web", workload);
    await rig.cluster.change(helmRelease, { spec: { values: { replicas: 2 } } });
    await ours.until({ sync: { status: "Synced" }, history: [{ id: 0 }, { id: 1 }] });
    await ours.expectSent([]);
    await rig.cluster.change(helmRelease, { spec: { values: { replicas: -1 } } });
    await ours.until({ operationState: { phase: "Failed" }, health: { status: "Degraded" } });
    await sleep(10_000);
    await ours.expectSent(["on-sync-failed", "on-health-degraded"]);
  },
);
