import { describe, expect } from "vitest";
import { e2eTest } from "./e2e.js";
import { argocdVersions } from "./programs.js";
import { loopback, run, served } from "./run.js";
import { deployment, flux, release } from "./workloads.js";

/** Lines of a tree without what is generated and how it is aligned. */
const shapeOf = (stdout: string) =>
  stdout
    .split("\n")
    .slice(stdout.split("\n").findIndex((line) => line.startsWith("KIND/NAME")) + 1)
    .map((line) =>
      line
        .replace(/-[a-z0-9]{8,10}(-[a-z0-9]{5})?\b/, "-X")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((line) => line !== "");

describe("one pass", () => {
  e2eTest("shows a Kustomization in stock Argo CDs of three ages", async ({ rig }) => {
    const { namespace, commit } = await flux(rig, "loop-shown");
    await run(rig, `generate-app ks/web -n ${namespace} --app-name loop-shown`);
    const once = await run(rig, `loopback --once --redis ${rig.redis.address}`);
    expect(once.exitCode).toBe(0);
    expect(once.stdout).toContain("application.argoproj.io/argocd/loop-shown Synced Healthy\n");
    const path = "/api/v1/applications/loop-shown";
    for (const version of argocdVersions) {
      const server = rig.argocd(version);
      expect((await server.request("GET", path)).body).toMatchObject({
        status: { sync: { status: "Synced", revision: commit }, health: { status: "Healthy" } },
      });
      const { body } = await server.request("GET", `${path}/resource-tree`);
      expect((body as { nodes: { kind: string }[] }).nodes.map(({ kind }) => kind).sort()).toEqual([
        "Deployment",
        "GitRepository",
        "Kustomization",
        "Pod",
        "ReplicaSet",
      ]);
      const managed = await server.request("GET", `${path}/managed-resources`);
      expect((managed.body as { items: { kind: string }[] }).items.map(({ kind }) => kind)).toContain(
        "Deployment",
      );
    }
    const tree = await rig.argocd().cli("app", "get", "loop-shown", "-o", "tree");
    expect(shapeOf(tree.stdout)).toEqual([
      "GitRepository/content Healthy",
      "└─Kustomization/web Synced Healthy",
      "└─Deployment/web Synced Healthy deployment.apps/web created",
      "└─ReplicaSet/web-X Healthy",
      "└─Pod/web-X Healthy",
    ]);
    const again = await run(rig, `loopback --once --redis ${rig.redis.address} -o json`);
    const lines = again.stdout.split("\n").filter((line) => line.includes('"loop-shown"'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { sync: "Synced", health: "Healthy", wrote: { status: false, tree: false } },
    ]);
  });

  e2eTest(
    "shows a HelmRelease with its chart, and says with its exit code what is not in step",
    async ({ rig }) => {
      const { namespace } = await release(rig, "loop-release");
      await run(rig, `generate-app hr/web -n ${namespace} --app-name loop-release`);
      const line = `loopback --once --redis ${rig.redis.address}`;
      expect((await run(rig, line)).exitCode).toBe(0);
      const tree = await rig.argocd().cli("app", "get", "loop-release", "-o", "tree");
      expect(shapeOf(tree.stdout)).toEqual([
        "GitRepository/content Healthy",
        "└─HelmChart/loop-release-web Healthy",
        "└─HelmRelease/web Synced Healthy",
        "└─Deployment/web Synced Healthy deployment.apps/web created",
        "└─ReplicaSet/web-X Healthy",
        "└─Pod/web-X Healthy",
      ]);
      await rig.cluster.delete("helm.toolkit.fluxcd.io/v2", "HelmRelease", "web", namespace);
      await expect
        .poll(() => rig.cluster.find("helm.toolkit.fluxcd.io/v2", "HelmRelease", "web", namespace))
        .toBeUndefined();
      expect((await run(rig, `${line} --exit-code`)).exitCode).toBe(4);
      expect((await served(rig, "loop-release"))?.status?.conditions).toEqual([
        expect.objectContaining({
          type: "InvalidSpecError",
          message: "HelmRelease web in loop-release does not exist",
        }),
      ]);
    },
  );
});

describe("answers", () => {
  e2eTest("Sync makes Flux apply a commit, and wait returns", async ({ rig }) => {
    const workload = await flux(rig, "loop-sync");
    await run(rig, `generate-app ks/web -n ${workload.namespace} --app-name loop-sync`);
    loopback(rig, `--redis ${rig.redis.address} --verbose`);
    await expect
      .poll(() => served(rig, "loop-sync"))
      .toMatchObject({ status: { sync: { status: "Synced" } } });
    const commit = await workload.push({ "app/deployment.yaml": deployment("web", 3) });
    const argocd = rig.argocd();
    expect(await argocd.cli("app", "sync", "loop-sync", "--timeout", "60")).toMatchObject({ exitCode: 0 });
    const wait = ["app", "wait", "loop-sync", "--sync", "--health", "--operation", "--timeout", "60"];
    expect(await argocd.cli(...wait)).toMatchObject({ exitCode: 0 });
    expect(await served(rig, "loop-sync")).toMatchObject({
      status: { sync: { status: "Synced", revision: commit }, operationState: { phase: "Succeeded" } },
    });
    const deployed = await rig.cluster.get("apps/v1", "Deployment", "web", workload.namespace);
    expect(deployed["spec"]).toMatchObject({ replicas: 3 });
    const history = await argocd.cli("app", "history", "loop-sync");
    expect(history.stdout).toContain(`main (${commit.slice(0, 7)})`);
    expect(await argocd.cli("app", "diff", "loop-sync")).toMatchObject({ exitCode: 0, stdout: "" });
    // refresh returns when its annotation is gone
    expect(await argocd.cli("app", "get", "loop-sync", "--hard-refresh")).toMatchObject({ exitCode: 0 });
  });
});
