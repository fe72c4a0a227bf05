import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { e2eTest, type Rig } from "./e2e.js";
import { run } from "./run.js";
import { flux, release } from "./workloads.js";

/** The tree of an Application as the engine has written it, and as the command makes it. */
async function bothTrees(rig: Rig, application: string): Promise<{ written: string; made: string }> {
  await run(rig, `loopback --once --redis ${rig.redis.address}`);
  const value = (await rig.redis.command("GET", `app|resources-tree|${application}|1.8.3.gz`)) as Buffer;
  const { stdout } = await run(rig, `tree ${application} -o json`);
  return { written: gunzipSync(value).toString(), made: stdout };
}

async function expectSame(rig: Rig, application: string, kinds: readonly string[]): Promise<void> {
  // a controller may have written between the two
  await expect
    .poll(async () => {
      const { written, made } = await bothTrees(rig, application);
      return made === `${written}\n`;
    })
    .toBe(true);
  const { nodes } = JSON.parse((await bothTrees(rig, application)).made) as { nodes: { kind: string }[] };
  expect(nodes.map(({ kind }) => kind).sort()).toEqual(kinds);
}

e2eTest("the tree of a Kustomization is the engine's, and a Pod of it leads back", async ({ rig }) => {
  const { namespace, commit } = await flux(rig, "tree-ks");
  await run(rig, `generate-app ks/web -n ${namespace} --app-name tree-ks`);
  await expectSame(rig, "tree-ks", ["Deployment", "GitRepository", "Kustomization", "Pod", "ReplicaSet"]);
  const drawn = await run(rig, `tree ks/web -n ${namespace}`);
  expect(drawn.stdout.split("\n").map((line) => line.split("  ")[0]?.replace(/-[a-z0-9-]+$/, "-X"))).toEqual([
    "OBJECT",
    "GitRepository/content",
    "└─ Kustomization/web",
    "",
    "",
    "",
    "",
  ]);
  const [pod] = await rig.cluster.list("v1", "Pod", namespace);
  const traced = await run(rig, `trace pod/${pod?.metadata.name} -n ${namespace} -o json`);
  expect(traced).toMatchObject({ exitCode: 0, stderr: "" });
  const [record] = (JSON.parse(traced.stdout) as { items: unknown[] }).items;
  expect(record).toMatchObject({
    owners: [{ kind: "ReplicaSet" }, { kind: "Deployment", name: "web" }],
    workload: {
      kind: "Kustomization",
      name: "web",
      by: "labels and inventory",
      revision: `main@sha1:${commit}`,
      reconciledAt: expect.stringMatching(/^\d{4}-/),
      ready: "True",
      message: `Applied revision: main@sha1:${commit}`,
    },
    sources: [{ kind: "GitRepository", name: "content", revision: `main@sha1:${commit}` }],
    applications: [{ namespace: "argocd", name: "tree-ks" }],
  });
});

e2eTest("so is that of a HelmRelease", async ({ rig }) => {
  const { namespace } = await release(rig, "tree-hr");
  await run(rig, `generate-app hr/web -n ${namespace} --app-name tree-hr`);
  await expectSame(rig, "tree-hr", [
    ...["Deployment", "GitRepository", "HelmChart", "HelmRelease", "Pod", "ReplicaSet"],
  ]);
  const traced = await run(rig, `trace deploy/web -n ${namespace}`);
  expect(traced).toMatchObject({ exitCode: 0, stderr: "" });
  expect(traced.stdout).toContain("Applied by:   HelmRelease web in tree-hr (by labels and inventory)\n");
  expect(traced.stdout).toContain("Revision:     1.2.3");
});
