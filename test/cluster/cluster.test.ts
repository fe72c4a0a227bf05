import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { requiredVersion } from "./build.js";
import {
  clusterTest,
  fluxMinor,
  fluxMinors,
  isSharedMissing,
  ownClusterTest,
  sharedArgoCrds,
  sharedFlux,
} from "./cluster.js";
import type { TestObject } from "./crds.js";
import type { kubeconfigFor } from "./kubeconfig.js";
import { createRequester, type Requester } from "./request.js";
import { aggregatedDiscovery } from "./served.js";
import { readObjects } from "./yaml.js";

const kustomizations = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations";

describe("the shared cluster", () => {
  clusterTest.skipIf(process.env["KUBEBUILDER_ASSETS"])(
    "has the version that go.mod names",
    async ({ cluster }) => {
      expect((await cluster.request("GET", "/version")).body).toMatchObject({
        gitVersion: requiredVersion(),
      });
    },
  );

  clusterTest("writes .status with and without a subresource", async ({ cluster }) => {
    const conditions = [{ type: "Ready", status: "True" }];
    const loaded = await cluster.load(`
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: podinfo, namespace: rig-status }
spec: { path: ./podinfo, anything: [1] }
status: { conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: podinfo, namespace: rig-status }
status: { health: { status: Healthy } }
---
apiVersion: v1
kind: Namespace
metadata: { name: rig-status }
`);
    expect(loaded.map(({ kind }) => kind)).toEqual(["Kustomization", "Application", "Namespace"]);
    expect(loaded[0]).toMatchObject({ spec: { anything: [1] }, status: { conditions } });
    expect(await cluster.list("argoproj.io/v1alpha1", "Application", "rig-status")).toMatchObject([
      { metadata: { name: "podinfo" }, status: { health: { status: "Healthy" } } },
    ]);
    await cluster.delete("argoproj.io/v1alpha1", "Application", "podinfo", "rig-status");
    expect(
      await cluster.find("argoproj.io/v1alpha1", "Application", "podinfo", "rig-status"),
    ).toBeUndefined();
  });

  clusterTest("fails loudly when an object is refused", async ({ cluster }) => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "Not A Name", namespace: "default" },
    };
    await expect(cluster.apply(object)).rejects.toThrow(/refused PATCH .*\(422\).*Not A Name/);
    await expect(cluster.apply({ ...object, kind: "Nothing" })).rejects.toThrow(
      "does not serve Nothing in v1",
    );
  });

  clusterTest("gives plain users the rights they are granted and no more", async ({ cluster }) => {
    const alice = login(cluster.kubeconfig({ user: "alice" }));
    expect((await alice("GET", "/api/v1/secrets")).status).toBe(403);
    await cluster.createNamespace("rig-rights");
    await cluster.grant("alice", { apiGroups: [""], resources: ["secrets"], verbs: ["list"] }, "rig-rights");
    expect((await alice("GET", "/api/v1/namespaces/rig-rights/secrets")).status).toBe(200);
    expect((await alice("GET", "/api/v1/secrets")).status).toBe(403);
    expect((await login(cluster.kubeconfig({ token: "wrong" }))("GET", kustomizations)).status).toBe(401);
  });

  clusterTest("takes client certificates", async ({ cluster }) => {
    const jane = { user: "jane", groups: ["devs", "system:masters"] };
    expect(await whoAmI(login(cluster.kubeconfig({ certificate: jane })))).toMatchObject({
      username: "jane",
      groups: ["devs", "system:masters", "system:authenticated"],
    });
    const expired = { ...jane, notAfter: new Date(Date.now() - 1000) };
    expect((await login(cluster.kubeconfig({ certificate: expired }))("GET", kustomizations)).status).toBe(
      401,
    );
  });
});

describe("Flux of an age", () => {
  const flux23Test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.3")));

  flux23Test("is served as said, in aggregated and in legacy discovery", async ({ cluster }) => {
    const told = await aggregatedDiscovery((method, path, options) =>
      cluster.request(method, path, options?.body, options?.headers),
    );
    const sources = told.filter((entry) => /\/(ocirepositories|helmrepositories)$/.test(entry));
    expect(new Set(sources)).toEqual(
      new Set([
        "source.toolkit.fluxcd.io/v1/helmrepositories",
        "source.toolkit.fluxcd.io/v1beta1/helmrepositories",
        "source.toolkit.fluxcd.io/v1beta2/helmrepositories",
        "source.toolkit.fluxcd.io/v1beta2/ocirepositories",
      ]),
    );
    const { body } = await cluster.request("GET", "/apis/source.toolkit.fluxcd.io/v1");
    const kinds = (body as { resources: { kind: string }[] }).resources.map(({ kind }) => kind);
    expect(kinds).not.toContain("OCIRepository");
    expect((await cluster.request("GET", kustomizations)).status).toBe(200);
    expect(await cluster.list("helm.toolkit.fluxcd.io/v2beta2", "HelmRelease")).toEqual([]);
  });

  const releases = ["v0.37.0", "v2.2.2", "v2.7.5", "v2.9.3"];
  const paths = releases.map((tag) => `flux/${tag}/gotk-components.yaml`);
  test.skipIf(isSharedMissing(...paths)).each(releases)("serves what %s serves", (tag) => {
    const minor = fluxMinors.find((name) => tag.startsWith(`v${name}.`));
    const real = served(readObjects(sharedFlux(tag)));
    const ours = served(fluxMinor(minor ?? "2.9"));
    for (const [name, versions] of ours)
      if (real.has(name)) expect([name, versions]).toEqual([name, real.get(name)]);
    expect(ours.size).toBeGreaterThanOrEqual(7);
  });
});

describe("real CRDs", () => {
  const paths = ["flux/v2.9.3/gotk-components.yaml", "argo-cd/v3.5.1/manifests/crds"];
  const realTest = ownClusterTest(async (cluster) => {
    await cluster.installCrds(sharedFlux("v2.9.3"));
    await cluster.installCrds(sharedArgoCrds("v3.5.1", ["application", "appproject"]));
  });

  realTest.skipIf(isSharedMissing(...paths))("install, and fill in their defaults", async ({ cluster }) => {
    const metadata = { name: "podinfo", namespace: "default" };
    const spec = { interval: "5m", prune: true, sourceRef: { kind: "GitRepository", name: "podinfo" } };
    const apiVersion = "kustomize.toolkit.fluxcd.io/v1";
    const applied = await cluster.apply({ apiVersion, kind: "Kustomization", metadata, spec });
    expect(applied).toMatchObject({ spec: { force: false } });
    expect(await cluster.list("argoproj.io/v1alpha1", "Application")).toEqual([]);
  });
});

/** Requests as who the kubeconfig says, to where it says. */
function login(kubeconfigPath: string): Requester {
  const config = JSON.parse(readFileSync(kubeconfigPath, "utf8")) as ReturnType<typeof kubeconfigFor>;
  const user = config.users[0]?.user ?? {};
  const decoded = (text: unknown) =>
    text === undefined ? undefined : Buffer.from(String(text), "base64").toString();
  return createRequester(config.clusters[0]?.cluster.server ?? "", {
    ca: decoded(config.clusters[0]?.cluster["certificate-authority-data"]) ?? "",
    token: user["token"] as string | undefined,
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
  });
}

async function whoAmI(send: Requester): Promise<unknown> {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const { body } = await send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", { body: review });
  return (body as { status: { userInfo: unknown } }).status.userInfo;
}

/** Served versions by CRD name. */
function served(objects: TestObject[]): Map<string, Set<string>> {
  return new Map(
    objects
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .map(({ metadata, spec }) => {
        const { versions } = spec as { versions: { name: string; served: boolean }[] };
        const names = versions.filter((version) => version.served).map(({ name }) => name);
        return [metadata.name, new Set(names)];
      }),
  );
}
