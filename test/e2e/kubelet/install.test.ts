import { describe, expect } from "vitest";
import { flux, release } from "../workloads.js";
import { openPage } from "./argocd-page.js";
import { installFlux } from "./flux.js";
import { admits, type NetworkPolicy, type PodConnection } from "./network-policy.js";
import { type PodRig, podClusterTest } from "./pod-cluster-test.js";
import { install, installLine, run, runByKubectl, start } from "./run.js";
import { snapshot } from "./snapshot.js";

const podTest = podClusterTest();

/** They build on each other: what the first one installs goes in the last but one. */
describe("on a cluster with Flux and nothing else", () => {
  let before: Record<string, string> | undefined;

  podTest("install ends with every Flux workload in an Argo CD that is up to date", async ({ rig }) => {
    await installFlux(rig);
    await flux(rig, "shop");
    await release(rig, "billing");
    before ??= await snapshot(rig.cluster);

    expect(await install(rig)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("✔ Everything in argocd runs, and the engine reports\n"),
    });
    const page = await openPage(rig);
    expect(await page.get("/api/version")).toMatchObject({
      body: { Version: expect.stringContaining("v3.6.1") },
    });
    expect(await page.applications()).toEqual([
      "billing-web-hr Synced Healthy",
      "shop-web-ks Synced Healthy",
    ]);
    expect(await page.kindsIn("shop-web-ks")).toEqual([
      "Deployment",
      "GitRepository",
      "Kustomization",
      "Pod",
      "ReplicaSet",
    ]);
    expect(await page.kindsIn("billing-web-hr")).toEqual([
      "Deployment",
      "GitRepository",
      "HelmChart",
      "HelmRelease",
      "Pod",
      "ReplicaSet",
    ]);
  });

  podTest("what Flux does later is shown as it happens", async ({ rig }) => {
    const page = await openPage(rig);
    const shop = await flux(rig, "market");
    await expect.poll(() => page.applications()).toContain("market-web-ks Synced Healthy");
    await rig.cluster.change(shop.kustomization, { spec: { suspend: true } });
    await expect.poll(() => page.applications()).toContain("market-web-ks Synced Suspended");
    await rig.cluster.change(shop.kustomization, { spec: { suspend: false } });
  });

  podTest("the NetworkPolicies admit whoever connects, and the engine by its own", async ({ rig }) => {
    await expect
      .poll(() => rig.kubelet.connections().map(described))
      .toEqual(
        expect.arrayContaining([
          "application-controller to redis 6379",
          "flamingo-loopback to redis 6379",
          "server to redis 6379",
        ]),
      );
    const policies = await rig.cluster.list<NetworkPolicy>("networking.k8s.io/v1", "NetworkPolicy", "argocd");
    const refused = (by: readonly NetworkPolicy[]) => [
      ...new Set(
        rig.kubelet
          .connections()
          .filter((one) => !admits(by, one))
          .map(described),
      ),
    ];
    expect(refused(policies)).toEqual([]);
    const ofArgo = policies.filter(({ metadata }) => metadata.name !== "flamingo-loopback-redis");
    expect(refused(ofArgo)).toEqual(["flamingo-loopback to redis 6379"]);
  });

  podTest("kubectl flamingo install, once more, changes nothing", async ({ rig }) => {
    const { exitCode, stdout, stderr } = await runByKubectl(rig, installLine);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("► See it: kubectl flamingo port-fwd --open, ");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.filter((line) => !line.endsWith(" unchanged"))).toEqual([]);
  });

  podTest("somebody's terminal that reports is named, and the engine goes on after it", async ({ rig }) => {
    await withoutEngine(rig);
    const terminal = start(rig, "loopback");
    await terminal.says("✔ Reported ");
    expect(await install(rig)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/Cannot finish the install: flamingo loopback runs as \S+, too/),
    });
    terminal.child.kill("SIGINT");
    await terminal.ended;
    expect(await install(rig)).toMatchObject({ exitCode: 0 });
  });

  podTest("uninstall leaves the cluster as it was before", async ({ rig }) => {
    await rig.cluster.delete("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "web", "market");
    expect(await run(rig, "uninstall --yes")).toMatchObject({ exitCode: 0 });
    const others = ([key]: [string, string]) => !key.includes("market");
    await expect
      .poll(async () => Object.fromEntries(Object.entries(await snapshot(rig.cluster)).filter(others)))
      .toEqual(before);
  });

  podTest("what install exports Flux applies, and it shows itself in it", async ({ rig }) => {
    const { stdout } = await install(rig, "--export");
    const files = { "app/flamingo.yaml": stdout };
    await flux(rig, "gitops", files, { targetNamespace: undefined, prune: true });
    const page = await openPage(rig);
    const shown = ["billing-web-hr", "gitops-web-ks", "shop-web-ks"].map((name) => `${name} Synced Healthy`);
    await expect.poll(() => page.applications()).toEqual(shown);
    expect(await run(rig, "uninstall --yes")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Kustomization web in gitops keeps it, and would bring it back"),
    });
  });
});

/** "server to redis 6379" */
function described({ from, to, port }: PodConnection): string {
  const [who, whom] = [from, to].map(({ metadata: { labels = {} } }) =>
    labels["app.kubernetes.io/name"]?.replace(/^argocd-/, ""),
  );
  return `${who} to ${whom} ${port}`;
}

/** As when an install was interrupted before it came to the engine. */
async function withoutEngine({ cluster }: PodRig): Promise<void> {
  await cluster.delete("apps/v1", "Deployment", "flamingo-loopback", "argocd");
  const names = async () =>
    (await cluster.list("v1", "Pod", "argocd")).map(({ metadata }) => metadata.name).join();
  await expect.poll(names).not.toContain("flamingo-loopback-");
}
