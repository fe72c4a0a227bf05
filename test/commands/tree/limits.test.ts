import { gzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import { appProject, generated } from "../../builders/argo.js";
import { hr, ks } from "../../builders/flux.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { installArgo, installFlux, run, stock } from "../check/scene.js";
import { configMap, operatorCrds, plain, ready, shop } from "./scene.js";

const shopTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, stock);
  await cluster.installCrds(operatorCrds);
  await shop(cluster, { custom: false });
  await cluster.applyAll<TestObject>([
    appProject("narrow", { namespaceResourceBlacklist: [{ group: "", kind: "Secret" }] }),
    generated(ks("shop/web"), { name: "narrow", project: "narrow" }),
    appProject("closed", { destinations: [] }),
    generated(ks("shop/web"), { name: "closed", project: "closed" }),
    generated(ks("shop/never")),
  ]);
});

describe("by the name of an Application", () => {
  shopTest("what its AppProject does not permit is not shown, and counted", async ({ cluster }) => {
    const narrow = await run(cluster, "tree narrow");
    expect(narrow).toMatchObject({
      exitCode: 0,
      stderr: "⚠ 1 object is not shown: the AppProject narrow does not permit it\n",
    });
    expect(narrow.stdout).not.toContain("Secret/");
    const whole = await run(cluster, "tree ks/web -n shop");
    expect(whole.stdout).toContain("Secret/credentials");
  });

  shopTest("nothing is shown where it may show nothing", async ({ cluster }) => {
    expect(await run(cluster, "tree closed -o json")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot show what the Application closed in argocd shows: The AppProject closed does not permit the namespace shop on this cluster\n" +
        "  hint: Whoever may read the workload itself names that: ks/NAME or hr/NAME\n",
    });
  });

  shopTest("a workload that is gone is Missing", async ({ cluster }) => {
    expect(await run(cluster, "tree never")).toEqual({
      exitCode: 0,
      stdout: "OBJECT               NAMESPACE  HEALTH   MESSAGE\nKustomization/never  shop       Missing\n",
      stderr: "",
    });
  });
});

shopTest.for([
  [
    "tree",
    2,
    "✗ There is nothing to show\n  hint: Name an Application or a workload (ks/NAME, hr/NAME), or add --depends-on\n",
  ],
  ["tree wab", 5, "✗ Application wab not found in argocd\n  hint: Did you mean web?\n"],
  ["tree ks/web", 5, "✗ Kustomization web not found in flux-system; it is in shop\n  hint: Add -n shop\n"],
  [
    "tree deploy/web",
    2,
    '✗ "deploy/web" names the kind "deploy", which is no Flux workload\n' +
      "  hint: Kinds are ks (kustomization), hr (helmrelease), rset (resourceset) and fi (fluxinstance), and their plurals\n",
  ],
] as const)("%s", async ([line, exitCode, stderr], { cluster }) => {
  expect(await run(cluster, line)).toEqual({ exitCode, stdout: "", stderr });
});

shopTest("what may not be read is said, and the rest is shown", async ({ cluster }) => {
  const rule = (apiGroups: string[], resources: string[], verbs = ["get"]) => ({
    apiGroups,
    resources,
    verbs,
  });
  await cluster.grant("bob", rule(["kustomize.toolkit.fluxcd.io"], ["kustomizations"]), "shop");
  await cluster.grant("bob", rule(["source.toolkit.fluxcd.io"], ["gitrepositories"]), "shop");
  await cluster.grant("bob", rule(["apps"], ["deployments"]), "shop");
  await cluster.grant("bob", rule([""], ["configmaps"]), "shop");
  const { exitCode, stdout, stderr } = await run(cluster, "tree ks/web -n shop", "bob");
  expect(exitCode).toBe(0);
  expect(stdout.split("\n").map((line) => line.trimEnd())).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^ {3}├─ ConfigMap\/gone +shop +Missing$/),
      expect.stringMatching(/^ {3}├─ Secret\/credentials +shop +- +cannot be read: forbidden$/),
      expect.stringMatching(/^ {3}├─ Deployment\/web +shop +Progressing/),
      expect.stringMatching(/^ {3}└─ ClusterRole\/shop-reader +- +- +cannot be read: forbidden$/),
    ]),
  );
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(
      /^⚠ flamingo cannot read ConfigMap argocd-cm in argocd: .*, and takes its defaults$/,
    ),
    "⚠ Cannot read Secret: forbidden",
    "⚠ Cannot read Service: forbidden",
    "⚠ Cannot read ReplicaSet.apps: forbidden",
    "⚠ Cannot read CronJob.batch: forbidden",
    "⚠ Cannot read ClusterRole.rbac.authorization.k8s.io: forbidden",
    "",
  ]);
});

const released = {
  lastAppliedRevision: "1.2.3",
  lastReleaseRevision: 1,
  observedGeneration: 1,
  conditions: [ready],
};

const before28Test = ownClusterTest(async (cluster) => {
  await cluster.installCrds(fluxMinor("2.7"));
  await cluster.createNamespace("shop");
  const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n";
  const release = gzipSync(JSON.stringify({ namespace: "shop", manifest })).toString("base64");
  await cluster.applyAll<TestObject>([
    { ...hr("shop/cache"), status: released },
    configMap("shop/settings"),
    {
      ...plain("v1", "Secret", "shop/sh.helm.release.v1.cache.v1"),
      type: "helm.sh/release.v1",
      stringData: { release },
    },
  ]);
});

before28Test(
  "what a HelmRelease has applied comes from Helm's storage before Flux 2.8",
  async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, "tree hr/cache -n shop -o name");
    expect({ exitCode, names: stdout.trimEnd().split("\n"), stderr }).toEqual({
      exitCode: 0,
      names: [
        "configmap/settings",
        "helmrelease.helm.toolkit.fluxcd.io/cache",
        "helmrepository.source.toolkit.fluxcd.io/charts",
      ],
      stderr: "",
    });
  },
);

before28Test("where Helm's storage may not be read that is said", async ({ cluster }) => {
  const flux = ["helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"];
  await cluster.grant(
    "bob",
    { apiGroups: flux, resources: ["helmreleases", "helmrepositories"], verbs: ["get"] },
    "shop",
  );
  await cluster.createNamespace("argocd");
  await cluster.grant("bob", { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }, "argocd");
  const { exitCode, stdout, stderr } = await run(cluster, "tree hr/cache -n shop -o name", "bob");
  expect({ exitCode, names: stdout.trimEnd().split("\n") }).toEqual({
    exitCode: 0,
    names: ["helmrelease.helm.toolkit.fluxcd.io/cache", "helmrepository.source.toolkit.fluxcd.io/charts"],
  });
  expect(stderr).toMatch(
    /^⚠ flamingo cannot read Secret sh\.helm\.release\.v1\.cache\.v1 in shop: .*, and does not know what HelmRelease cache in shop has applied\n$/,
  );
});

describe("--depends-on", () => {
  async function waiting(cluster: TestCluster): Promise<void> {
    await cluster.createNamespace("infra");
    const on = (...names: string[]) => ({ dependsOn: names.map((name) => ({ name })) });
    const status = { observedGeneration: 1, conditions: [ready], lastAppliedRevision: "main@sha1:0123456" };
    await cluster.applyAll<TestObject>([
      { ...ks("infra/base"), status },
      ks("infra/api", on("base", "gone")),
      ks("infra/a", on("b")),
      ks("infra/b", on("a")),
      hr("infra/cache", on("store")),
      hr("infra/store"),
    ]);
  }

  shopTest("all workloads that wait for others", async ({ cluster }) => {
    await waiting(cluster);
    expect(await run(cluster, "tree --depends-on")).toEqual({
      exitCode: 0,
      stdout: [
        "WORKLOAD               NAMESPACE  READY  MESSAGE",
        "HelmRelease/cache      infra      False  is not reconciled yet",
        "└─ HelmRelease/store   infra      False  is not reconciled yet",
        "Kustomization/api      infra      False  is not reconciled yet",
        "├─ Kustomization/base  infra      True",
        "└─ Kustomization/gone  infra      False  does not exist",
        "Kustomization/a        infra      False  is not reconciled yet",
        "└─ Kustomization/b     infra      False  is not reconciled yet",
        "   └─ Kustomization/a  infra      False  is not reconciled yet; see above",
        "",
      ].join("\n"),
      stderr:
        "⚠ Kustomization a in infra and Kustomization b in infra depend on each other: Flux never comes to them\n",
    });
    expect(await run(cluster, "tree ks/base -n infra --depends-on")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "► Kustomization base in infra depends on no other\n",
    });
    const one = await run(cluster, "tree ks/api -n infra --depends-on -o json");
    expect(JSON.parse(one.stdout)).toMatchObject({
      items: [
        {
          name: "api",
          ready: false,
          dependsOn: [
            { name: "base", exists: true },
            { name: "gone", exists: false },
          ],
        },
        { name: "base", ready: true, trouble: null, dependsOn: [] },
      ],
    });
  });
});
