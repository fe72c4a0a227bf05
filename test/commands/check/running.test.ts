import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect } from "vitest";
import type { Finding } from "../../../src/commands/check/finding.js";
import type { FluxWorkload } from "../../../src/flux/workload.js";
import { component, fl } from "../../argo/installed-objects.js";
import { application, generated } from "../../builders/argo.js";
import { chartInGit, git, hr, ks, src } from "../../builders/flux.js";
import { runner } from "../../builders/kube.js";
import { ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { golden } from "../../golden.js";
import { installArgo, installFlux, run, stock } from "./scene.js";

const schema = JSON.parse(readFileSync("schemas/check.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

async function findings(cluster: TestCluster, line = "check", user?: "alice"): Promise<Finding[]> {
  const { stdout } = await run(cluster, `${line} -o json`, user);
  const answer = JSON.parse(stdout);
  expect(validate(answer) || validate.errors).toBe(true);
  return answer.items;
}

const ids = (items: readonly Finding[]) => items.map(({ id }) => id);

describe("a clean cluster", () => {
  const cleanTest = ownClusterTest(async (cluster) => {
    await installFlux(cluster);
    await installArgo(cluster, stock);
    await cluster.createNamespace("apps");
    await cluster.applyAll([src, ks("podinfo"), hr("web", chartInGit)]);
  });

  cleanTest("has nothing to find", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, "check");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toBe(
      `► Kubernetes v1.37.2 at ${cluster.server}\n► Flux v2.9.3 in flux-system\n► Stock Argo CD v3.5.1 in argocd\n✔ No problems found\n`,
    );
    expect(await findings(cluster)).toEqual([]);
    expect((await run(cluster, "check -o name")).stdout).toBe("");
  });

  cleanTest("without the right to look is not called clean", async ({ cluster }) => {
    const found = await findings(cluster, "check", "alice");
    expect(new Set(ids(found))).toEqual(new Set(["not-checked"]));
    expect(found.map(({ why }) => /^flamingo cannot (list|read) (\w+)/.exec(why)?.[2]).sort()).toEqual(
      expect.arrayContaining(["Applications", "Deployments", "Kustomizations", "Secrets"]),
    );
    // once, for all that is looked for among them
    expect(found.filter(({ why }) => why.includes("Deployments"))).toHaveLength(1);
  });

  cleanTest("is not clean with an engine that never ran", async ({ cluster }) => {
    const engine = (namespace: string, ready: number) =>
      runner(
        `${namespace}/flamingo-loopback`,
        [{ name: "flamingo", image: "registry.example/flamingo:1.2.3" }],
        { ready, labels: { "app.kubernetes.io/name": "flamingo-loopback" } },
      );
    await cluster.apply(engine("argocd", 0));
    expect(ids(await findings(cluster))).toEqual(["loopback-not-ready", "loopback-not-running"]);
    // the Lease alone tells that it works
    await cluster.apply(engine("argocd", 1));
    expect(ids(await findings(cluster))).toEqual(["loopback-not-running"]);
    await cluster.apply<TestObject>({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "flamingo-loopback",
        namespace: "argocd",
        labels: { "app.kubernetes.io/name": "flamingo-loopback" },
      },
      spec: {
        holderIdentity: "flamingo-loopback-7d9c_1",
        renewTime: new Date().toISOString().replace("Z", "000Z"),
      },
    } as TestObject);
    expect(await findings(cluster)).toEqual([]);
  });

  cleanTest("elsewhere than asked has another Argo CD", async ({ cluster }) => {
    expect(await findings(cluster, "check -N elsewhere")).toEqual([
      {
        id: "argocd-missing",
        severity: "error",
        object: { kind: "Namespace", namespace: null, name: "elsewhere" },
        why: "no Argo CD runs in elsewhere; there is stock Argo CD v3.5.1 in argocd",
        remedy: "Add -N argocd",
      },
    ]);
  });
});

const argoSecret = (name: string, type: string, stringData: object): TestObject =>
  ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": type } },
    stringData,
  }) as unknown as TestObject;
const secret = (name: string, server: string): TestObject =>
  argoSecret(name, "cluster", { name, server, config: '{"bearerToken":"very-secret"}' });

/** Of the engine loopback, and Argo CD's own controller does not leave it alone. */
function lost(name: string, workload: FluxWorkload): TestObject {
  const made = generated(workload, { name });
  return { ...made, metadata: { ...made.metadata, annotations: { "flamingo/engine": "loopback" } } };
}

const inventory = (...entries: string[]) => ({
  inventory: { entries: entries.map((id) => ({ id, v: "v1" })) },
});

describe("a cluster with one of each problem", () => {
  const dirtyTest = ownClusterTest(async (cluster) => {
    await installFlux(cluster);
    await installArgo(cluster, fl);
    await installArgo(cluster, "quay.io/argoproj/argocd:v2.6.15", "old");
    await cluster.createNamespace("apps");
    await cluster.applyAll([
      src,
      {
        ...ks("shown"),
        status: inventory("apps_web_apps_Deployment", "apps_web__Service", "apps_x__ConfigMap"),
      },
      git("closed", { secretRef: { name: "git" } }),
      ks("orphan", { sourceRef: { kind: "GitRepository", name: "nowhere" } }),
      ks("paused", { suspend: true }),
      ks("closed", { sourceRef: { kind: "GitRepository", name: "closed" } }),
      hr("web", chartInGit),
      hr("by-loopback", chartInGit),
      generated(ks("shown"), { name: "ks-shown", engine: "fsa" }),
      generated(hr("web"), { engine: "fsa" }),
      generated(hr("by-loopback"), { name: "hr" }),
      generated(ks("closed")),
      generated(ks("gone"), { engine: "fsa" }),
      {
        ...application("native"),
        status: {
          resources: [
            { group: "apps", kind: "Deployment", namespace: "apps", name: "web" },
            { kind: "Service", namespace: "apps", name: "web" },
            { kind: "ConfigMap", namespace: "elsewhere", name: "x" },
          ],
        },
      },
      lost("lost", ks("paused")),
      generated(hr("by-loopback"), { name: "again" }),
      generated(ks("shown"), { name: "early", namespace: "old" }),
      generated(ks("shown"), { name: "wrong", namespace: "old", engine: "fsa" }),
      secret("one", "https://10.0.0.1"),
      secret("two", "https://10.0.0.1/"),
      secret("three", "https://10.0.0.3"),
      argoSecret("other", "repository", { url: "https://git.example/other", password: "very-secret" }),
      runner(
        "flux-system/helm-controller",
        [{ name: "manager", image: "ghcr.io/fluxcd/helm-controller:v1.6.3" }],
        { ready: 0 },
      ),
      component("repo-server", fl, { ready: 0 }),
    ]);
  });

  dirtyTest("finds each of them, once", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, "check -o wide");
    expect(exitCode).toBe(4);
    expect(stdout).toBe(golden("check/dirty.txt", stdout));
    expect(stderr.replace(cluster.server, "SERVER")).toBe(
      golden("check/dirty.stderr.txt", stderr.replace(cluster.server, "SERVER")),
    );
    expect(ids(await findings(cluster))).toEqual([
      "flux-not-ready",
      "argocd-not-ready",
      "image-does-not-show",
      "loopback-not-running",
      "skip-reconcile-lost",
      "workload-missing",
      "source-missing",
      "double-management",
      "cluster-secret-duplicate",
      "argocd-several",
      "open-advisories",
      "application-duplicate",
      "source-private",
      "named-like-release",
    ]);
    for (const format of ["table", "wide", "json", "yaml", "name"]) {
      const one = await run(cluster, `check -o ${format}`);
      expect(one.stdout + one.stderr).not.toContain("very-secret");
    }
  });

  dirtyTest("of a stock Argo CD before 2.8", async ({ cluster }) => {
    const found = await findings(cluster, "check -N old");
    const ofApps = found.filter(({ object }) => object?.namespace === "old");
    expect(ids(ofApps)).toEqual([
      "fsa-on-stock",
      "loopback-on-old-argocd",
      "loopback-not-running",
      "argocd-several",
      "open-advisories",
      "application-duplicate",
    ]);
    expect(ids(found)).not.toContain("image-does-not-show");
  });

  dirtyTest("a source is private until Argo CD has its repository", async ({ cluster }) => {
    await cluster.apply(
      argoSecret("git", "repo-creds", { url: "https://git.example", password: "very-secret" }),
    );
    expect(ids(await findings(cluster))).not.toContain("source-private");
  });

  dirtyTest("an Application is looked for where Argo CD is told to look", async ({ cluster }) => {
    await cluster.apply(generated(ks("shown"), { name: "far", namespace: "apps" }));
    expect(ids(await findings(cluster))).toContain("application-not-admitted");
    await cluster.apply<TestObject>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cmd-params-cm", namespace: "argocd" },
      data: { "application.namespaces": "apps" },
    });
    expect(ids(await findings(cluster))).not.toContain("application-not-admitted");
  });

  dirtyTest("a long suspension is told when it is long", async ({ cluster }) => {
    expect(ids(await findings(cluster))).not.toContain("suspended-long");
    const later = new Date(Date.now() + 8 * 24 * 60 * 60 * 1000);
    const { stdout } = await run(cluster, "check -o json", undefined, later);
    const found = (JSON.parse(stdout).items as Finding[]).filter(({ id }) => id === "suspended-long");
    expect(found).toEqual([
      {
        id: "suspended-long",
        severity: "warning",
        object: { kind: "Kustomization", namespace: "apps", name: "paused" },
        why: expect.stringMatching(
          /^it is suspended since \d{4}-\d\d-\d\d \(last written by test\), so nothing that changes in its source arrives$/,
        ),
        remedy: "Resume it: flamingo resume ks/paused -n apps",
      },
    ]);
  });
});

describe("no Flux", () => {
  const bareTest = ownClusterTest();
  bareTest("is found, and so is no Argo CD", async ({ cluster }) => {
    expect(ids(await findings(cluster))).toEqual(["flux-missing", "argocd-missing"]);
    expect((await run(cluster, "check")).exitCode).toBe(4);
  });
});
