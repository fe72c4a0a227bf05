import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { isFluxController } from "../../src/flux/installed/controllers.js";
import type { InstalledFlux } from "../../src/flux/installed/installed-flux.js";
import { tellingKinds } from "../../src/flux/installed/served-minors.js";
import { readPodRunners } from "../../src/kube/pod-runner.js";
import { readInstalledFlux } from "../../src/survey/flux.js";
import { readYaml } from "../../src/yaml.js";
import { ownClusterTest, sharedFlux, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { fluxTags, minorOfTag } from "../support-matrix/data.js";
import { kubeOf, type User } from "./kube-of.js";

/** One API server for all releases, one after the other: a second and a half to install each, as much to be rid of it. */
const test = ownClusterTest();

async function detect(cluster: TestCluster, user: User = "admin"): Promise<InstalledFlux> {
  const kube = kubeOf(cluster, { user });
  return await readInstalledFlux(kube, await readPodRunners(kube, [], isFluxController));
}

const someKinds = ["GitRepository", "HelmRelease", "Kustomization"];

/** What `flux install` applies: Namespace, Deployments, and the CRDs of these kinds. */
function manifests(tag: string, crds: readonly string[] = Object.keys(tellingKinds)): TestObject[] {
  const wanted = new RegExp(
    `^kind: (Deployment|Namespace)$|^kind: CustomResourceDefinition[^]*^    kind: (${crds.join("|")})$`,
    "m",
  );
  return sharedFlux(tag)
    .split(/^---$/m)
    .filter((document) => wanted.test(document))
    .flatMap((document) => readYaml(document) as TestObject[]);
}

async function withInstalled(cluster: TestCluster, objects: TestObject[], work: () => Promise<void>) {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  await cluster.applyAll(of("Namespace"));
  await cluster.installCrds(of("CustomResourceDefinition"));
  await cluster.applyAll(of("Deployment"));
  try {
    await work();
  } finally {
    await Promise.all(
      [...of("CustomResourceDefinition"), ...of("Deployment")].map(({ apiVersion, kind, metadata }) =>
        cluster.delete(apiVersion, kind, metadata.name, metadata.namespace),
      ),
    );
    while (await isFluxServed(cluster)) await sleep(20);
  }
}

/** As clients see it, some time after the CRDs are gone. */
async function isFluxServed(cluster: TestCluster): Promise<boolean> {
  const accept = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList";
  const { body } = await cluster.request("GET", "/apis", undefined, { accept });
  return JSON.stringify(body).includes("toolkit.fluxcd.io");
}

/** What discovery and schemas tell, where it is not just the minor. */
const toldByApis: Readonly<Record<string, string>> = {
  "0.37": "0.37 or older",
  "0.38": "0.38 or 0.39",
  "0.39": "0.38 or 0.39",
  "0.40": "0.40 or 0.41",
  "0.41": "0.40 or 0.41",
};

describe.skipIf(fluxTags.length === 0)("the Flux of every release", () => {
  test.for(fluxTags)("%s", async (tag, { cluster }) => {
    const objects = manifests(tag);
    const deployments = objects.filter(({ kind }) => kind === "Deployment");
    const minor = minorOfTag(tag);
    await withInstalled(cluster, objects, async () => {
      const flux = await detect(cluster);
      expect(flux).toMatchObject({
        ...{ present: true, version: tag.slice(1), minor, namespace: "flux-system" },
        ...{ disagreements: [], unknown: [] },
      });
      expect(
        flux.controllers.map(({ name, fluxMinor, wanted, ready }) => [name, fluxMinor, wanted, ready]),
      ).toEqual(deployments.map(({ metadata }) => [metadata.name, minor, 1, 0]).sort());
      // without any right the API server's own words are left
      await expect
        .poll(() => detect(cluster, "alice"), { timeout: 20_000, interval: 200 })
        .toMatchObject({
          ...{ present: true, minor: toldByApis[minor] ?? minor, controllers: [] },
          evidence: [{ by: "discovery" }],
          unknown: [
            expect.stringMatching(
              /^cannot list Deployments: deployments.apps is forbidden: .*; nor StatefulSets$/,
            ),
            expect.stringMatching(
              /^cannot read CustomResourceDefinition gitrepositories.source.toolkit.fluxcd.io: /,
            ),
            expect.stringMatching(/^cannot list Namespaces: /),
          ],
        });
    });
  });

  test("labels that say 2.1.2 beside the images of 2.2.3", async ({ cluster }) => {
    const text = JSON.stringify(manifests("v2.2.2", someKinds))
      .replaceAll('"v2.2.2"', '"2.1.2"')
      .replaceAll("source-controller:v1.2.3", "source-controller:v1.2.4")
      .replaceAll("kustomize-controller:v1.2.1", "kustomize-controller:v1.2.2")
      .replaceAll("helm-controller:v0.37.2", "helm-controller:v0.37.4")
      .replaceAll("notification-controller:v1.2.3", "notification-controller:v1.2.4");
    await withInstalled(cluster, JSON.parse(text) as TestObject[], async () => {
      const flux = await detect(cluster);
      expect(flux).toMatchObject({ minor: "2.2", unknown: [] });
      expect(flux.version).toBeUndefined();
      expect(flux.disagreements).toEqual([
        "the labels of CRD gitrepositories.source.toolkit.fluxcd.io say 2.1.2, the images of the controllers say 2.2",
        "the labels of Deployments helm-controller, kustomize-controller, notification-controller and source-controller in flux-system say 2.1.2, the images of the controllers say 2.2",
      ]);
    });
  });

  test("a chart with a prefix, in another namespace", async ({ cluster }) => {
    const renamed = manifests("v2.9.3", someKinds).map((object): TestObject => {
      if (object.kind !== "Deployment") return object;
      const { metadata, ...rest } = object;
      return { ...rest, metadata: { name: `flux2-${metadata.name}`, namespace: "gitops" } } as TestObject;
    });
    await cluster.createNamespace("gitops");
    await withInstalled(cluster, renamed, async () => {
      const flux = await detect(cluster);
      expect(flux).toMatchObject({ version: "2.9.3", namespace: "gitops", disagreements: [] });
      expect(flux.controllers).toHaveLength(6);
      expect(flux.evidence[0]?.where).toMatch(/^Deployments flux2-helm-controller, .* in gitops$/);
    });
  });
});
