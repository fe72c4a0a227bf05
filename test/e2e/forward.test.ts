import { expect } from "vitest";
import { e2eTest } from "./e2e.js";
import { run, served } from "./run.js";
import { flux } from "./workloads.js";

e2eTest("from outside the cluster redis is reached through the API server", async ({ rig }) => {
  const { namespace, commit } = await flux(rig, "loop-forward");
  await run(rig, `generate-app ks/web -n ${namespace} --app-name loop-forward`);
  const once = await run(rig, "loopback --once --timeout 60s");
  expect(once).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("✔ Reported") });
  expect(await served(rig, "loop-forward")).toMatchObject({ status: { sync: { revision: commit } } });
  const tree = await rig.argocd().request("GET", "/api/v1/applications/loop-forward/resource-tree");
  expect((tree.body as { nodes: object[] }).nodes).toHaveLength(5);
});
