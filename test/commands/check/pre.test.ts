import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/commands/check/finding.js";
import { Kustomization } from "../../../src/flux/kustomization.js";
import { kubernetesTooOld } from "../../../src/flux/versions.js";
import { mayI } from "../../../src/kube/access-review.js";
import { ks } from "../../builders/flux.js";
import { runner } from "../../builders/kube.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { kubeFor } from "../../kube/kube-for.js";
import { installArgo, installFlux, run, stock } from "./scene.js";

async function findings(cluster: TestCluster, line: string, user?: "alice" | "bob"): Promise<Finding[]> {
  return JSON.parse((await run(cluster, `${line} -o json`, user)).stdout).items;
}

const ids = (items: readonly Finding[]) => items.map(({ id }) => id);

function node(name: string, architecture: string): TestObject {
  const labels = { "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture };
  const nodeInfo = { operatingSystem: "linux", architecture };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, status: { nodeInfo } } as TestObject;
}

describe("on Flux 2.9, without Argo CD", () => {
  const preTest = ownClusterTest((cluster) => installFlux(cluster));

  preTest("a fit cluster has nothing to find, and is told what shows its Flux", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, "check --pre");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      `► Kubernetes v1.37.2 at ${cluster.server}`,
      "► Flux v2.9.3 in flux-system",
      "► No FSA image shows Kustomizations from OCIRepository, Bucket and ExternalArtifact here: v2.10.5 asks for OCIRepository in source.toolkit.fluxcd.io/v1beta2; this cluster serves v1",
      "► No FSA image shows HelmReleases or their sources here: v2.10.5 asks for helm.toolkit.fluxcd.io/v2beta2; this cluster serves v2",
      "► The engine loopback shows all of it, with a stock Argo CD from 2.8 on",
      "✔ No problems found",
      "",
    ]);
  });

  preTest("rights that an install needs are asked for", async ({ cluster }) => {
    const found = await findings(cluster, "check --pre", "alice");
    expect(ids(found.filter(({ severity }) => severity === "error"))).toEqual(Array(10).fill("no-right"));
    expect(found[0]).toEqual({
      id: "no-right",
      severity: "error",
      object: null,
      why: "you may not list kustomizations.kustomize.toolkit.fluxcd.io",
      remedy:
        "Choose another --context or --as, or ask for the right; to check it: kubectl auth can-i list kustomizations.kustomize.toolkit.fluxcd.io --all-namespaces",
    });
    expect(found.map(({ why }) => why)).toContain("you may not create deployments.apps in argocd");
    await cluster.createNamespace("argocd");
    await cluster.grant(
      "alice",
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] },
      "argocd",
    );
    const later = await findings(cluster, "check --pre", "alice");
    expect(later.map(({ why }) => why)).not.toContain("you may not create deployments.apps in argocd");
  });

  preTest(
    "a right in one namespace does not do, and the question in the hint says so",
    async ({ cluster }) => {
      await cluster.createNamespace("team");
      const rule = { apiGroups: [Kustomization.group], resources: [Kustomization.plural], verbs: ["list"] };
      await cluster.grant("bob", rule, "team");
      const found = await findings(cluster, "check --pre", "bob");
      expect(found.flatMap(({ remedy }) => /kubectl auth .*/.exec(remedy) ?? [])).toEqual([
        "kubectl auth can-i list kustomizations.kustomize.toolkit.fluxcd.io --all-namespaces",
        "kubectl auth can-i list helmreleases.helm.toolkit.fluxcd.io --all-namespaces",
        "kubectl auth can-i create namespaces",
        "kubectl auth can-i create customresourcedefinitions.apiextensions.k8s.io",
        "kubectl auth can-i create clusterroles.rbac.authorization.k8s.io",
        "kubectl auth can-i create clusterrolebindings.rbac.authorization.k8s.io",
        "kubectl auth can-i create secrets -n argocd",
        "kubectl auth can-i create deployments.apps -n argocd",
        "kubectl auth can-i create statefulsets.apps -n argocd",
        "kubectl auth can-i create applications.argoproj.io -n argocd",
      ]);
      const kube = kubeFor(cluster, { user: "bob" });
      const inTeam = { verb: "list", kind: Kustomization, namespace: "team" } as const;
      // what kubectl asks without a flag in a context of that namespace, and with --all-namespaces
      expect(await mayI(kube, inTeam)).toBe(true);
      expect(await mayI(kube, { ...inTeam, namespace: undefined })).toBe(false);
    },
  );

  preTest("what runs is no question before an install", async ({ cluster }) => {
    await cluster.createNamespace("apps");
    await cluster.apply(ks("orphan"));
    expect(await findings(cluster, "check --pre")).toEqual([]);
    expect(ids(await findings(cluster, "check"))).toEqual(["argocd-missing", "source-missing"]);
  });

  preTest("another Argo CD is", async ({ cluster }) => {
    await installArgo(cluster, stock, "elsewhere");
    expect(await findings(cluster, "check --pre")).toEqual([
      {
        id: "argocd-several",
        severity: "warning",
        object: { kind: "StatefulSet", namespace: "elsewhere", name: "argocd-application-controller" },
        why: "there is stock Argo CD v3.5.1 in elsewhere: it shares CRDs, and perhaps ClusterRoles, with one in argocd",
        remedy: "Use it (-N elsewhere), or install with --mode tenant",
      },
    ]);
  });
});

describe("a stock Argo CD before 2.8", () => {
  const oldTest = ownClusterTest(async (cluster) => {
    await installFlux(cluster);
    await installArgo(cluster, "quay.io/argoproj/argocd:v2.6.15");
  });

  oldTest("is what an install refuses, with the same choices", async ({ cluster }) => {
    const found = await findings(cluster, "check --pre");
    expect(found).toEqual([
      {
        id: "argocd-too-old",
        severity: "error",
        object: { kind: "StatefulSet", namespace: "argocd", name: "argocd-application-controller" },
        why: "flamingo cannot install the engine loopback beside stock Argo CD v2.6.15 in argocd: it needs Argo CD 2.8 or newer",
        remedy: expect.stringMatching(
          /^Upgrade that Argo CD, or give it an FSA image of its minor: flamingo install --version v2\.6\.\d+ --mode adopt$/,
        ),
      },
    ]);
    const { exitCode, stderr } = await run(cluster, "install --dry-run");
    expect(exitCode).toBe(1);
    for (const text of [found[0]?.why.replace("flamingo cannot", "Cannot"), found[0]?.remedy])
      expect(stderr).toContain(text);
  });

  oldTest("newer, or with an FSA image, it is not", async ({ cluster }) => {
    await installArgo(cluster, "quay.io/argoproj/argocd:v2.8.0");
    expect(await findings(cluster, "check --pre")).toEqual([]);
    await installArgo(cluster, "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.6.15-fl.1-main-d2c9a8cb");
    expect(await findings(cluster, "check --pre")).toEqual([]);
  });
});

describe("on Flux 2.2, which an FSA image shows whole", () => {
  const preTest = ownClusterTest(async (cluster) => {
    await cluster.installCrds(fluxMinor("2.2"));
    await cluster.createNamespace("flux-system");
    await cluster.apply(
      runner("flux-system/source-controller", [
        { name: "manager", image: "ghcr.io/fluxcd/source-controller:v1.2.3" },
      ]),
    );
  });

  preTest("nodes of another platform are what stock Argo CD is for", async ({ cluster }) => {
    const said = async () => (await run(cluster, "check --pre")).stderr;
    await cluster.apply(node("a", "amd64"));
    expect(await said()).toContain("✔ The FSA image v2.10.2 shows all of this Flux\n");
    expect(await said()).not.toContain("nodes of");
    await cluster.apply(node("b", "arm64"));
    expect(await said()).toContain(
      "► v2.10.2 runs on linux/amd64 only; this cluster has nodes of linux/arm64. Stock Argo CD runs there, with the engine loopback\n",
    );
    expect(await findings(cluster, "check --pre")).toEqual([]);
  });
});

test.each([
  ["2.9", "v1.32.4", "1.33"],
  ["2.9", "v1.33.0", undefined],
  ["2.9", "v1.36.3-gke.1000", undefined],
  ["2.2", "1.25.16+k3s1", "1.26"],
  ["2.0", "v1.24.0", undefined],
  // not known: no guess
  ["2.10", "v1.20.0", undefined],
  ["2.0 or 2.1", "v1.20.0", undefined],
  ["2.9", "unknown", undefined],
])("Flux %s on Kubernetes %s", (flux, kubernetes, oldest) => {
  expect(kubernetesTooOld(flux, kubernetes)).toBe(oldest);
});
