import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { loadAttacks, patterns } from "../../bench/loopback/attacks.js";
import { eventLoopFile, longestOf, stallsIn } from "../../bench/loopback/stalls.js";
import { appProject } from "../builders/argo.js";
import { folderWith } from "../folder.js";
import { spawnFlamingo } from "../spawn.js";
import { e2eTest } from "./e2e.js";
import { run, served } from "./run.js";
import { deployment, flux } from "./workloads.js";

e2eTest("whatever a tenant makes, the engine answers within a second", async ({ rig }) => {
  const name = "busy";
  const { push, source } = await flux(rig, name, undefined, { prune: false });
  await rig.cluster.apply(appProject(name, patterns));
  onTestFinished(() => rig.cluster.delete("argoproj.io/v1alpha1", "AppProject", name, "argocd"));
  await loadAttacks(rig.cluster, { namespace: name, name: "web" });
  await run(rig, `generate-app ks/web -n ${name} --app-name ${name} --project ${name}`);

  const file = join(folderWith(), "stalls");
  const running = spawnFlamingo(
    ["loopback", "--redis", rig.redis.address, "--kubeconfig", rig.cluster.kubeconfig()],
    { NODE_OPTIONS: `--require=${eventLoopFile}`, BENCH_EVENT_LOOP: file },
  );
  onTestFinished(async () => {
    running.child.kill("SIGTERM");
    await running.ended;
  });
  const shown = async () => (await served(rig, name))?.status;
  await expect
    .poll(async () => (await shown())?.conditions?.map(({ message }) => message))
    .toContain("Not all that is owned is shown: of owners a tree has 10000 at most");
  for (const replicas of [2, 3]) {
    const revision = await push({ "app/deployment.yaml": deployment("web", replicas) });
    await rig.reconcile(source);
    await expect
      .poll(shown)
      .toMatchObject({ operationState: { phase: "Succeeded", syncResult: { revision } } });
  }
  const stalls = stallsIn(file);
  expect(stalls.length).toBeGreaterThan(10);
  // other programs of the rig take their time
  expect(longestOf(stalls).ownMs).toBeLessThan(1000);
});
