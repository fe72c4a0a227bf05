import { expect, onTestFinished } from "vitest";
import { e2eTest } from "./e2e.js";
import { findings, loopback, run, served } from "./run.js";
import { flux } from "./workloads.js";

e2eTest("one pass beside one that runs ends at once, and looks without writing", async ({ rig }) => {
  const name = "beside";
  const { namespace } = await flux(rig, name);
  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
  loopback(rig);
  await expect
    .poll(() => served(rig, name))
    .toMatchObject({ status: { sync: { status: "Synced" }, health: { status: "Healthy" } } });

  const begun = performance.now();
  const { exitCode, stdout, stderr } = await run(rig, `loopback --once --redis ${rig.redis.address}`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(
    /^✗ Cannot report into the Argo CD in argocd: another flamingo loopback does \(\S+\)$/m,
  );
  expect(stderr).toContain("flamingo loopback --dry-run --once --exit-code");
  expect(performance.now() - begun).toBeLessThan(5000);

  const looked = await run(rig, "loopback --dry-run --once --exit-code");
  expect(looked.stdout).toContain(`application.argoproj.io/argocd/${name} Synced Healthy`);
  // others may not be in step
  expect([0, 4]).toContain(looked.exitCode);

  expect(await findings(rig, "application-duplicate", name)).toEqual([]);
  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}-too`);
  onTestFinished(() => rig.cluster.delete("argoproj.io/v1alpha1", "Application", `${name}-too`, "argocd"));
  const told = [
    ...(await findings(rig, "application-duplicate", name)),
    ...(await findings(rig, "application-duplicate", `${name}-too`)),
  ];
  expect(told).toHaveLength(1);
  expect(told[0]?.why).toContain(`${name}`);
});
