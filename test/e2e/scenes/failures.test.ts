import { maybe } from "../../application-states.js";
import { e2eTest, type Rig } from "../e2e.js";
import { deployed, type Follow, startFollowing } from "../followed.js";
import { loopback } from "../run.js";
import { sideBySide } from "../side-by-side.js";
import { together } from "../together.js";
import { deployment } from "../workloads.js";

/** The second one on purpose: a failure of Flux would not be seen in lists. */
const failed = ["on-sync-failed", "on-health-degraded"];

e2eTest("a failure is told once for each commit, and so is what mends it", async ({ rig }) => {
  const follow = await startFollowing(rig);
  loopback(rig);
  await together({
    cannotBeApplied: () => cannotBeApplied(rig, follow),
    cannotBeBuilt: () => cannotBeBuilt(rig, follow),
  });
});

async function cannotBeApplied(rig: Rig, follow: Follow): Promise<void> {
  const scene = await sideBySide(rig, follow, "scene-apply");
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
  await scene.expectSent(deployed);

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
}

/** A failure of Flux; natively the status is not known. */
async function cannotBeBuilt(rig: Rig, follow: Follow): Promise<void> {
  const scene = await sideBySide(rig, follow, "scene-build");
  await scene.commit("broken", { "app/deployment.yaml": `${deployment("web")}broken: [` });
  await scene.native.expectSent(["on-sync-status-unknown"]);
  await scene.ours.expectSent(failed);
  await scene.commit("mended", { "app/deployment.yaml": deployment("web", 2) });
  // since it failed, Argo CD takes "main" for the revision that it compared last, so that it sees no new one the next time
  await scene.native.until({ sync: { status: "OutOfSync" } });
  await scene.refresh();
  await scene.untilApplied();
  await scene.expectSent(deployed);
}
