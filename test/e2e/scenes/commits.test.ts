import { maybe } from "../../application-states.js";
import { e2eTest } from "../e2e.js";
import { startFollowing } from "../followed.js";
import { loopback } from "../run.js";
import { sideBySide } from "../side-by-side.js";
import { deployment } from "../workloads.js";

// in the catalog of 2.14 only on-deployed counts once for a revision
e2eTest.for(["3.6", "2.14"] as const)(
  "a good commit is told once, an empty one not at all, by the catalog of %s",
  async (catalogOf, { rig }) => {
    const follow = await startFollowing(rig, catalogOf);
    loopback(rig);
    const scene = await sideBySide(rig, follow, `scene-commits-${catalogOf.replace(".", "-")}`);

    await scene.commit("second", { "app/deployment.yaml": deployment("web", 2) });
    await scene.untilApplied();
    await scene.ours.expectSent(["on-sync-succeeded", "on-deployed"]);
    // 2.14 sees that something succeeded anew when it sees it Running before, which natively is a matter of chance
    if (catalogOf === "3.6") await scene.native.expectSent(["on-sync-succeeded", "on-deployed"]);
    else await scene.native.settle();

    await scene.commit("empty");
    await scene.untilApplied();
    await scene.expectSent([]);

    scene.expectStates([
      maybe("Synced first, Progressing, Succeeded first"),
      "Synced first, Healthy, Succeeded first",
      maybe("OutOfSync second, Healthy, Succeeded first"),
      maybe("OutOfSync second, Progressing, Running second"),
      maybe("Synced second, Progressing, Running second"),
      maybe("Synced second, Healthy, Running second"),
      maybe("Synced second, Progressing, Succeeded second"),
      "Synced second, Healthy, Succeeded second",
      maybe("OutOfSync empty, Healthy, Succeeded second"),
      "Synced empty, Healthy, Succeeded second",
    ]);
  },
);
