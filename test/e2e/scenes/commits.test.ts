import { maybe } from "../../application-states.js";
import { e2eTest } from "../e2e.js";
import { sideBySide } from "../side-by-side.js";
import { deployment } from "../workloads.js";

e2eTest("a good commit is told once, an empty one not at all", async ({ rig }) => {
  const scene = await sideBySide(rig, "scene-commits");

  await scene.commit("second", { "app/deployment.yaml": deployment("web", 2) });
  await scene.untilApplied();
  await scene.expectSent(["on-sync-succeeded", "on-deployed"]);

  await scene.commit("empty");
  await scene.untilApplied();
  await scene.expectSent([]);

  scene.expectStates([
    maybe("Synced first, Progressing, Succeeded first"),
    "Synced first, Healthy, Succeeded first",
    maybe("OutOfSync second, Healthy, Succeeded first"),
    maybe("OutOfSync second, Progressing, Running second"),
    maybe("Synced second, Progressing, Succeeded second"),
    "Synced second, Healthy, Succeeded second",
    maybe("OutOfSync empty, Healthy, Succeeded second"),
    "Synced empty, Healthy, Succeeded second",
  ]);
});
