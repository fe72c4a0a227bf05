import { maybe } from "../../application-states.js";
import { e2eTest } from "../e2e.js";
import { sideBySide } from "../side-by-side.js";
import { deployment } from "../workloads.js";

const good = ["on-sync-succeeded", "on-deployed"];
/** The second one on purpose: a failure of Flux would not be seen in lists. */
const failed = ["on-sync-failed", "on-health-degraded"];

e2eTest("what cannot be applied is told once for each commit, and what mends it", async ({ rig }) => {
  const scene = await sideBySide(rig, "scene-apply");
  for (const [title, replicas] of [
    ["bad", "-1"],
    ["worse", "-2"],
  ] as const) {
    await scene.commit(title, { "app/deployment.yaml": deployment("web", replicas) });
    await scene.native.expectSent(["on-sync-failed"]);
    await scene.ours.expectSent(failed);
  }
  await scene.commit("good", { "app/deployment.yaml": deployment("web", 2) });
  await scene.untilApplied();
  await scene.expectSent(good);

  scene.expectStates([
    maybe("Synced first, Progressing, Succeeded first"),
    "Synced first, Healthy, Succeeded first",
    maybe("OutOfSync bad, Healthy, Succeeded first"),
    maybe("OutOfSync bad, Degraded, Running bad, SyncError"),
    "OutOfSync bad, Degraded, Failed bad, SyncError",
    maybe("OutOfSync worse, Degraded, Failed bad, SyncError"),
    maybe("OutOfSync worse, Healthy, Failed bad"),
    maybe("OutOfSync worse, Degraded, Running worse, SyncError"),
    "OutOfSync worse, Degraded, Failed worse, SyncError",
    maybe("OutOfSync good, Degraded, Failed worse, SyncError"),
    maybe("OutOfSync good, Healthy, Failed worse"),
    maybe("OutOfSync good, Progressing, Running good"),
    maybe("Synced good, Progressing, Running good"),
    maybe("Synced good, Healthy, Running good"),
    maybe("Synced good, Progressing, Succeeded good"),
    "Synced good, Healthy, Succeeded good",
  ]);
});

e2eTest("what cannot be built is a failure of Flux, and natively of no known status", async ({ rig }) => {
  const scene = await sideBySide(rig, "scene-build");
  await scene.commit("broken", { "app/deployment.yaml": `${deployment("web")}broken: [` });
  await scene.native.expectSent(["on-sync-status-unknown"]);
  await scene.ours.expectSent(failed);
});
