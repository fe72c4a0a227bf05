import { afterEach, expect, onTestFinished, test } from "vitest";
import { isFluxController } from "../../src/flux/installed/controllers.js";
import { openKube } from "../../src/kube/cluster.js";
import type { Kube } from "../../src/kube/kube.js";
import { readPodRunners } from "../../src/kube/pod-runner.js";
import { readInstalledFlux } from "../../src/survey/flux.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { openCrd, type TestObject } from "../cluster/crds.js";
import { type Fate, startProxy } from "../cluster/proxy.js";
import {
  controllers,
  deployment,
  fluxInstance,
  fluxReport,
  gitRepositoryCrd,
  labels,
  of29,
  of293,
} from "../flux/installed-objects.js";
import { json, standIn, transportTo } from "../kube/stand-in.js";
import { kubeOf } from "./kube-of.js";

const operatorCrds = [
  { kind: "FluxReport", plural: "fluxreports" },
  { kind: "FluxInstance", plural: "fluxinstances" },
].map((names) =>
  openCrd({ group: "fluxcd.controlplane.io", versions: ["v1"], statusSubresource: true, ...names }),
);

/** Flux's CRDs as of 2.8 or newer (nothing of notifications), with the Flux Operator's. */
const flux28Test = ownClusterTest(async (cluster) => {
  await cluster.installCrds([...fluxMinor("2.8"), ...operatorCrds]);
  await cluster.createNamespace("flux-system", { "app.kubernetes.io/part-of": "flux" });
});

const made: { cluster: TestCluster; object: TestObject }[] = [];

afterEach(async () => {
  for (const { cluster, object } of made.splice(0)) {
    const { apiVersion, kind, metadata } = object;
    const { name, namespace } = metadata;
    if (await cluster.find(apiVersion, kind, name, namespace))
      await cluster.delete(apiVersion, kind, name, namespace);
  }
});

/** Applies these until the test is over. Deployments are completed to what an API server takes. */
async function have(cluster: TestCluster, objects: readonly object[]) {
  const complete = (objects as TestObject[]).map((object) =>
    object.kind === "Deployment" ? completeDeployment(object) : object,
  );
  made.push(...complete.map((object) => ({ cluster, object })));
  await cluster.applyAll(complete);
}

function completeDeployment({ spec, status, ...rest }: TestObject): TestObject {
  const app = { app: rest.metadata.name };
  const { template, replicas } = spec as { template: object; replicas?: number };
  return {
    ...rest,
    spec: {
      ...(spec as object),
      selector: { matchLabels: app },
      template: { ...template, metadata: { labels: app } },
    },
    ...(status === undefined ? {} : { status: { ...status, replicas } }),
  } as TestObject;
}

const detect = async (kube: Kube) =>
  readInstalledFlux(kube, await readPodRunners(kube, ["flux-system"], isFluxController));

const digests = ["source", "helm"].map((name) =>
  deployment(`${name}-controller`, `ghcr.io/fluxcd/${name}-controller@sha256:${name.padEnd(64, "0")}`),
);

test("no Flux costs one request", async () => {
  const { url, received } = await standIn((_, response) =>
    json(response, { kind: "APIGroupDiscoveryList", items: [] }),
  );
  const kube = openKube(transportTo(url), { signal: new AbortController().signal });
  expect(await readInstalledFlux(kube, { runners: [], unknown: ["cannot list Deployments: no"] })).toEqual({
    present: false,
    evidence: [],
    disagreements: [],
    unknown: ["cannot list Deployments: no"],
    controllers: [],
  });
  expect(received).toHaveLength(1);
});

flux28Test("what runs is found in few requests", async ({ cluster }) => {
  await have(cluster, controllers(of293, { labels: labels("v2.9.3"), replicas: 2, ready: 1 }));
  const proxy = await startProxy(cluster);
  onTestFinished(() => proxy.stop());
  const flux = await detect(kubeOf(cluster, { server: proxy.server }));
  expect(flux).toMatchObject({ version: "2.9.3", namespace: "flux-system", disagreements: [], unknown: [] });
  expect(flux.evidence.at(-1)).toMatchObject({ by: "discovery", says: "2.8 or newer" });
  expect(flux.controllers.map(({ wanted, ready }) => [wanted, ready])).toEqual(Array(4).fill([2, 1]));
  expect(proxy.requests.map(({ path }) => path).sort()).toEqual([
    "/apis",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitrepositories.source.toolkit.fluxcd.io",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/statefulsets",
    "/apis/fluxcd.controlplane.io/v1/fluxinstances",
    "/apis/fluxcd.controlplane.io/v1/fluxreports",
  ]);
});

flux28Test("an operator's Flux, its images named by digests", async ({ cluster }) => {
  const components = ["source", "helm"].map((name, index) => ({
    name: `${name}-controller`,
    repository: `ghcr.io/fluxcd/${name}-controller`,
    tag: ["v1.9.1", "v1.6.3"][index],
    digest: `sha256:${name.padEnd(64, "0")}`,
  })) as { name: string; tag: string; digest: string }[];
  await have(cluster, [
    ...digests,
    fluxInstance({ lastAppliedRevision: "v2.9.4@sha256:abc", components }),
    fluxReport({ distribution: { version: "v2.9.4", managedBy: "flux-operator" } }),
  ]);
  const flux = await detect(kubeOf(cluster));
  expect(flux).toMatchObject({
    version: "2.9.4",
    minor: "2.9",
    evidence: [
      { by: "controllers", says: "2.9" },
      { by: "flux-report", says: "2.9.4", where: "FluxReport flux in flux-system" },
      { by: "flux-instance", says: "2.9.4", where: "FluxInstance flux in flux-system" },
      { by: "discovery" },
    ],
    disagreements: [],
    unknown: [],
    owner: { name: "flux-operator", where: "FluxInstance flux in flux-system" },
  });
});

flux28Test("CRDs without controllers", async ({ cluster }) => {
  const flux = await detect(kubeOf(cluster));
  expect(flux).toMatchObject({
    present: true,
    minor: "2.8 or newer",
    evidence: [{ by: "discovery" }],
    controllers: [],
    namespace: "flux-system",
    unknown: [],
  });
  expect(flux.version).toBeUndefined();
});

flux28Test("the right to list Deployments in one namespace only", async ({ cluster }) => {
  await have(cluster, controllers(of29));
  await cluster.grant(
    "alice",
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"] },
    "flux-system",
  );
  const flux = await detect(kubeOf(cluster, { user: "alice" }));
  expect(flux).toMatchObject({ minor: "2.9", namespace: "flux-system", disagreements: [] });
  expect(flux.controllers).toHaveLength(4);
  expect(flux.unknown).toEqual([
    expect.stringMatching(
      /^cannot list Deployments: deployments.apps is forbidden: User "alice" cannot list/,
    ),
    expect.stringMatching(/^cannot list StatefulSets: .*; nor those in flux-system$/),
    expect.stringMatching(/^cannot read CustomResourceDefinition gitrepositories.source.toolkit.fluxcd.io: /),
    expect.stringMatching(/^cannot list FluxReports: /),
    expect.stringMatching(/^cannot list FluxInstances: /),
  ]);
});

flux28Test("the right to read CRDs only", async ({ cluster }) => {
  const [crd] = fluxMinor("2.8").filter(({ metadata }) => metadata.name === gitRepositoryCrd().metadata.name);
  if (!crd) throw new Error("no GitRepository in 2.8");
  const labelled = { ...crd, metadata: gitRepositoryCrd({ labels: labels("v2.9.1") }).metadata };
  await cluster.apply(labelled as TestObject);
  onTestFinished(async () => {
    await cluster.apply(crd);
  });
  const rule = {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    verbs: ["get"],
  };
  await cluster.grant("bob", rule);
  expect(await detect(kubeOf(cluster, { user: "bob" }))).toMatchObject({
    version: "2.9.1",
    evidence: [{ by: "crd-label", says: "2.9.1" }, { by: "discovery" }],
    namespace: "flux-system",
    controllers: [],
  });
});

flux28Test("the right to read what the operator reports only", async ({ cluster }) => {
  const image = `ghcr.io/fluxcd/kustomize-controller:v1.9.4@sha256:${"0".repeat(64)}`;
  await have(cluster, [fluxReport({ components: [{ name: "kustomize-controller", image, ready: true }] })]);
  const rule = { apiGroups: ["fluxcd.controlplane.io"], resources: ["fluxreports"], verbs: ["list"] };
  await cluster.grant("carol", rule);
  const flux = await detect(kubeOf(cluster, { user: "carol" }));
  expect(flux).toMatchObject({
    minor: "2.9",
    evidence: [{ by: "flux-report", says: "2.9" }, { by: "discovery" }],
  });
  expect(flux.version).toBeUndefined();
});

flux28Test("any other failure is none of these", async ({ cluster }) => {
  const fate = ({ path }: { path: string }): Fate =>
    path.includes("customresourcedefinitions") ? { status: 400, body: { message: "broken" } } : "pass";
  const proxy = await startProxy(cluster, fate);
  onTestFinished(() => proxy.stop());
  await expect(detect(kubeOf(cluster, { server: proxy.server }))).rejects.toThrow("broken");
});
