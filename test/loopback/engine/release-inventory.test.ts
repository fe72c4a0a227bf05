import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { ReleaseInventory } from "../../../src/loopback/engine/release-inventory.js";
import { hr } from "../../builders/flux.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { kubeFor } from "../../kube/kube-for.js";

const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n";
const release = { ...hr("team/web", { storageNamespace: "helm" }), status: { lastReleaseRevision: 1 } };

/** What is read of the release, whose Secret is there. @param permitted a namespace */
async function readFrom(cluster: TestCluster, permitted: string): Promise<string[]> {
  const inner = gzipSync(JSON.stringify({ namespace: "team", manifest })).toString("base64");
  await cluster.createNamespace("helm");
  await cluster.apply({
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { namespace: "helm", name: "sh.helm.release.v1.web.v1" },
    stringData: { release: inner },
  });
  const inventory = new ReleaseInventory(kubeFor(cluster), () => true);
  const objects = await inventory.objectsOf(release, (namespace) => namespace === permitted);
  return objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
}

const beforeTest = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.7")));

beforeTest("a release's objects are read where the AppProject permits", async ({ cluster }) => {
  expect(await readFrom(cluster, "team")).toEqual([]);
  expect(await readFrom(cluster, "helm")).toEqual(["ConfigMap team/web"]);
});

const sinceTest = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.8")));

sinceTest("of a Flux that lists them itself they are not read", async ({ cluster }) => {
  expect(await readFrom(cluster, "helm")).toEqual([]);
});
