import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished } from "vitest";
import type { Application } from "../../src/argo/application.js";
import { application } from "../builders/argo.js";
import { chartInGit, git, hr, ks, src } from "../builders/flux.js";
import { ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { installArgo, installFlux, stock } from "../commands/check/scene.js";
import { flamingo, type Run, type Surroundings } from "../flamingo.js";
import { isRedisMissing, startRedis } from "./redis-server.js";

const helmRelease = ["helm.toolkit.fluxcd.io/v2", "HelmRelease"] as const;
const kustomization = ["kustomize.toolkit.fluxcd.io/v1", "Kustomization"] as const;
const crd = "helmreleases.helm.toolkit.fluxcd.io";

const autoTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, stock);
  await cluster.createNamespace("apps");
  await cluster.apply(src);
  // everything that it takes but HelmReleases
  await cluster.grant("alice", { apiGroups: ["argoproj.io"], resources: ["*"], verbs: ["*"] });
  await cluster.grant("alice", {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: ["get", "list", "create", "update"],
  });
  const read = ["get", "list", "watch"];
  for (const [group, resources] of [
    ["", ["configmaps", "secrets"]],
    ["apps", ["deployments", "statefulsets"]],
    ["kustomize.toolkit.fluxcd.io", ["kustomizations"]],
    ["source.toolkit.fluxcd.io", ["gitrepositories"]],
  ] as const) {
    await cluster.grant("alice", { apiGroups: [group], resources: [...resources], verbs: read });
  }
});

/** Runs `flamingo loopback` with flags. All runs of a test have the same redis. */
async function loopbackOn(cluster: TestCluster) {
  const { port } = await startRedis();
  return (flags: string, { user, ...around }: Surroundings & { user?: "alice" } = {}): Promise<Run> => {
    const kubeconfig = cluster.kubeconfig(user ? { user } : {});
    return flamingo(`loopback --redis 127.0.0.1:${port} ${flags}`, { kubeconfig, ...around });
  };
}

async function applications(cluster: TestCluster): Promise<string[]> {
  const all = await cluster.list("argoproj.io/v1alpha1", "Application", "argocd");
  return all.map(({ metadata }) => metadata.name);
}

/** "apps-web-ks created" for each Application that was created or deleted. */
function changesIn({ stdout }: Run): string[] {
  return [...stdout.matchAll(/^application\.argoproj\.io\/argocd\/(.*) \(auto\)$/gm)].map(
    ([, text = ""]) => text,
  );
}

const find = (cluster: TestCluster, name: string) =>
  cluster.find<Application>("argoproj.io/v1alpha1", "Application", name, "argocd");

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; await sleep(50))
    if (await what()) return;
  throw new Error("it did not happen in time");
}

const taken =
  "✗ Cannot generate an Application for Kustomization taken in apps: there is an Application apps-taken-ks in argocd already, and flamingo did not make it\n" +
  "  hint: Choose other names with --name-template, or rename that Application\n";

describe.skipIf(isRedisMissing())("loopback --auto", () => {
  autoTest("creates what is missing, and deletes it with its workload only", async ({ cluster }) => {
    const loopback = await loopbackOn(cluster);
    await cluster.applyAll([ks("web"), ks("taken"), hr("shop", chartInGit), application("apps-taken-ks")]);
    const before = await loopback("--once --auto -A --dry-run -o json");
    expect(await applications(cluster)).toEqual(["apps-taken-ks"]);
    expect(
      before.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(
      (["HelmRelease shop apps-shop-hr", "Kustomization web apps-web-ks"] as const).map((text) => {
        const [kind, name, app] = text.split(" ");
        return {
          time: "2026-01-02T03:04:05.000Z",
          application: { namespace: "argocd", name: app },
          auto: "created",
          workload: { kind, namespace: "apps", name },
          dryRun: true,
        };
      }),
    );

    const first = await loopback("--once --auto -A");
    expect(first.stderr).toContain(taken);
    expect(first.stderr.split(taken)).toHaveLength(2);
    expect(first.exitCode).toBe(1);
    expect(changesIn(first).sort()).toEqual(["apps-shop-hr created", "apps-web-ks created"]);
    // created before the pass, they are reported in it
    expect(first.stdout).toContain("application.argoproj.io/argocd/apps-web-ks Unknown Unknown\n");
    const made = await find(cluster, "apps-web-ks");
    expect(made).toMatchObject({
      metadata: {
        annotations: { "flamingo/auto": "true" },
        managedFields: [{ manager: "flamingo-loopback" }],
      },
      spec: { source: { repoURL: "https://git.example/r", path: ".", targetRevision: "main" } },
      status: { sync: { status: "Unknown" } },
    });

    expect(changesIn(await loopback("--once --auto -A"))).toEqual([]);

    // whatever is selected by now
    await cluster.delete(...helmRelease, "shop", "apps");
    const other = await loopback("--once --auto -n other -l a=b --kind ks", { user: "alice" });
    expect(other.exitCode).toBe(1);
    expect(changesIn(other)).toEqual([]);
    expect(other.stderr).toContain(
      "✗ Cannot create Applications for HelmReleases (--auto): reading HelmReleases is forbidden; the Application that it made for them stays\n",
    );
    await cluster.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", crd);
    await until(
      async () => (await cluster.request("GET", `/apis/${helmRelease[0]}/helmreleases`)).status === 404,
    );
    const without = await loopback("--once --auto -A");
    expect(changesIn(without)).toEqual([]);
    expect(without.stderr).toContain(
      "⚠ The cluster does not serve HelmReleases: the Application that --auto made for them stays\n",
    );
    expect(await applications(cluster)).toEqual(["apps-shop-hr", "apps-taken-ks", "apps-web-ks"]);

    await installFlux(cluster);
    // neither of these takes anything with it
    const finalizers = ["resources-finalizer.argocd.argoproj.io"];
    const shop = { annotations: { "flamingo/cascade": "flux" }, finalizers };
    await patch(cluster, pathOf("apps-shop-hr"), shop);
    const last = await loopback("--once --auto -n other");
    expect(changesIn(last)).toEqual(["apps-shop-hr deleted"]);
    expect(await applications(cluster)).toEqual(["apps-taken-ks", "apps-web-ks"]);
    await cluster.get("source.toolkit.fluxcd.io/v1", "GitRepository", "src", "apps");
  });

  autoTest("follows what happens", async ({ cluster }) => {
    const loopback = await loopbackOn(cluster);
    await cluster.applyAll([ks("taken"), application("apps-taken-ks")]);
    const held = hr("held", chartInGit);
    held.metadata.finalizers = ["finalizers.fluxcd.io"];
    await cluster.applyAll([hr("kept", chartInGit), held]);
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const running = loopback("--auto -A", { signal: stop.signal, ticking: true });
    await until(async () => (await find(cluster, "apps-kept-hr"))?.status !== undefined);

    // refused as before, which was said
    await cluster.apply(ks("taken", { path: "./other" }));
    await cluster.apply(ks("late", { sourceRef: { kind: "GitRepository", name: "later" } }));
    await sleep(1500);
    expect(await find(cluster, "apps-late-ks")).toBeUndefined();
    await cluster.apply(git("later"));
    await until(async () => (await find(cluster, "apps-late-ks"))?.status !== undefined);

    // somebody keeps this one
    await cluster.apply(ks("adopted"));
    await until(async () => (await find(cluster, "apps-adopted-ks")) !== undefined);
    await patch(cluster, pathOf("apps-adopted-ks"), { annotations: { "flamingo/auto": null } });

    // the API server deletes every HelmRelease and then their kind, which takes until all are gone
    await cluster.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", crd);
    await cluster.delete(...kustomization, "adopted", "apps");
    await cluster.delete(...kustomization, "late", "apps");
    await until(async () => (await find(cluster, "apps-late-ks")) === undefined);
    await sleep(1500);
    expect(await cluster.find(...helmRelease, "kept", "apps")).toBeUndefined();
    const path = `/apis/${helmRelease[0]}/namespaces/apps/helmreleases/held`;
    await patch(cluster, path, { finalizers: null });
    await until(async () => (await cluster.request("GET", path)).status === 404);
    await sleep(1500);
    expect(await applications(cluster)).toEqual(
      expect.arrayContaining(["apps-adopted-ks", "apps-held-hr", "apps-kept-hr", "apps-taken-ks"]),
    );
    stop.abort();
    const run = await running;
    expect(run.stderr.split(taken)).toHaveLength(2);
    expect(run.stderr).toContain("GitRepository later in apps does not exist\n");
    const [first = "", second = "", ...others] = changesIn(run);
    expect([first, second].sort()).toEqual(["apps-held-hr created", "apps-kept-hr created"]);
    expect(others).toEqual(["apps-late-ks created", "apps-adopted-ks created", "apps-late-ks deleted"]);
  });
});

function pathOf(application: string): string {
  return `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${application}`;
}

async function patch(cluster: TestCluster, path: string, metadata: object): Promise<void> {
  const headers = { "content-type": "application/merge-patch+json" };
  const { status } = await cluster.request("PATCH", path, { metadata }, headers);
  expect(status).toBe(200);
}
