import { maybe } from "../../application-states.js";
import { ks } from "../../builders/flux.js";
import { e2eTest, type Rig } from "../e2e.js";
import { type Follow, type Followed, startFollowing } from "../followed.js";
import { ourSide } from "../our-side.js";
import { loopback, run } from "../run.js";
import { together } from "../together.js";
import { deployment, flux } from "../workloads.js";

e2eTest("a workload is shown as it is, from its beginning to its end", async ({ rig }) => {
  const follow = await startFollowing(rig);
  loopback(rig);
  await together({
    begins: () => begins(rig, follow),
    isSuspended: () => isSuspended(rig, follow),
    isOvertaken: () => isOvertaken(rig, follow),
    ends: () => ends(rig, follow),
  });
});

/** Suspended before the first time, then resumed. */
async function begins(rig: Rig, follow: Follow): Promise<void> {
  const { namespace, commit, kustomization } = await flux(rig, "scene-begins");
  const { spec } = kustomization as { spec?: object };
  const late = await rig.cluster.apply(
    ks(`${namespace}/late`, { ...spec, namePrefix: "late-", suspend: true }),
  );
  await run(rig, `generate-app ks/late -n ${namespace} --app-name ${namespace}`);
  const ours = await follow(namespace);
  await ours.until({ health: { status: "Suspended" } });
  await rig.cluster.change(late, { spec: { suspend: false } });
  await untilApplied(ours);
  ours.expectStates(
    [
      "OutOfSync first, Suspended, no operation",
      maybe("OutOfSync first, Progressing, no operation"),
      maybe("OutOfSync first, Progressing, Running first"),
      maybe("Synced first, Progressing, Running first"),
      maybe("Synced first, Healthy, Running first"),
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
    ],
    new Map([[commit, "first"]]),
  );
}

/** Nothing is new when it is suspended and resumed. */
async function isSuspended(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-suspends");
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  await rig.cluster.change(workload.kustomization, { spec: { suspend: true } });
  await ours.until({ health: { status: "Suspended" } });
  await rig.cluster.change(workload.kustomization, { spec: { suspend: false } });
  await untilApplied(ours);
  await ours.expectSent([]);
  ours.expectStates(
    [
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
      "Synced first, Suspended, Succeeded first",
      "Synced first, Healthy, Succeeded first",
    ],
    titles,
  );
}

/** A commit comes while Flux still waits for the one before: the same operation goes on with it. */
async function isOvertaken(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-overtakes", undefined, { wait: true, timeout: "5m" });
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  const nowhere = `${deployment("web", 2)}      nodeSelector: { nowhere: "true" }\n`;
  titles.set(await workload.push({ "app/deployment.yaml": nowhere }), "stuck");
  await rig.reconcile(workload.source);
  await ours.until({ operationState: { phase: "Running" } });
  titles.set(await workload.push({ "app/deployment.yaml": deployment("web", 2) }), "good");
  await rig.reconcile(workload.source);
  await untilApplied(ours);
  await ours.expectSent(["on-sync-succeeded", "on-deployed"]);
  ours.expectStates(
    [
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
      maybe("OutOfSync stuck, Healthy, Succeeded first"),
      maybe("OutOfSync stuck, Healthy, Running stuck"),
      "OutOfSync stuck, Progressing, Running stuck",
      maybe("OutOfSync good, Progressing, Running stuck"),
      maybe("OutOfSync good, Progressing, Running good"),
      maybe("Synced good, Progressing, Running good"),
      maybe("Synced good, Healthy, Running good"),
      "Synced good, Healthy, Succeeded good",
    ],
    titles,
  );
}

/** The workload is deleted, which somebody holds up, and gone. */
async function ends(rig: Rig, follow: Follow): Promise<void> {
  const workload = await flux(rig, "scene-ends");
  const { ours, titles } = await ourSide(rig, follow, "ks/web", workload);
  const { apiVersion, kind, metadata } = workload.kustomization;
  const finalizers = ["finalizers.fluxcd.io", "example.org/held"];
  await rig.cluster.change(workload.kustomization, { metadata: { finalizers } });
  const deleted = rig.kubectl("delete", kind, metadata.name, "-n", workload.namespace);
  await ours.until({ conditions: [{ type: "DeletionWarning" }] });
  await rig.cluster.change({ apiVersion, kind, metadata }, { metadata: { finalizers: null } });
  await deleted;
  await ours.until({ conditions: [{ type: "InvalidSpecError" }] });
  ours.expectStates(
    [
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
      maybe("Synced first, Progressing, Succeeded first, DeletionWarning"),
      maybe("OutOfSync first, Progressing, Succeeded first, DeletionWarning"),
      "Unknown, Missing, Succeeded first, InvalidSpecError",
    ],
    titles,
  );
}

async function untilApplied(ours: Followed): Promise<void> {
  await ours.until({
    sync: { status: "Synced" },
    health: { status: "Healthy" },
    operationState: { phase: "Succeeded" },
  });
}
