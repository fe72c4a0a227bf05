import type { Kustomization } from "../../src/flux/kustomization.js";
import type { TestObject } from "../../test/cluster/crds.js";
import type { TestCluster } from "../../test/cluster/test-cluster.js";
import { forEach, write } from "./load.js";
import { applied } from "./parts.js";
import { nameOf } from "./workload.js";

const fieldManager = "kustomize-controller";
const applyPatch = "application/apply-patch+yaml";

/**
 * What a tenant can make so that one report takes long: an object with thousands of fields, each of which has an owner, and
 * hundreds of objects that name hundreds of owners. Both belong to the first workload.
 */
export async function loadAttacks(cluster: TestCluster): Promise<void> {
  const namespace = nameOf(0);
  await applyWithVariables(cluster, namespace, 9000);
  await writeWithOwners(cluster, namespace, { owners: 200, owned: 400 });
}

async function applyWithVariables(cluster: TestCluster, namespace: string, count: number): Promise<void> {
  const name = "variables";
  const labels = { app: name };
  const env = Array.from({ length: count }, (_, index) => ({ name: `VARIABLE_${index}`, value: "x" }));
  const containers = [{ name, image: "example.org/variables:1", env }];
  const { collection, object } = applied("Deployment", namespace, name, {
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  });
  await write(cluster, "PATCH", `${collection}/${name}?fieldManager=${fieldManager}`, object, applyPatch);
  const path = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/${namespace}`;
  const { status } = (await cluster.request("GET", path)).body as Kustomization;
  const entries = [
    ...(status?.inventory?.entries ?? []),
    { id: `${namespace}_${name}_apps_Deployment`, v: "v1" },
  ];
  await write(cluster, "PATCH", `${path}/status?fieldManager=${fieldManager}`, {
    status: { inventory: { entries } },
  });
}

async function writeWithOwners(
  cluster: TestCluster,
  namespace: string,
  { owners, owned }: { owners: number; owned: number },
): Promise<void> {
  const web = await cluster.get("apps/v1", "Deployment", "web", namespace);
  const references: object[] = [];
  await forEach(owners, async (index) => {
    references.push(referenceTo(await writeMap(`owner-${index}`, [referenceTo(web)])));
  });
  await forEach(owned, async (index) => void (await writeMap(`owned-${index}`, references)));

  async function writeMap(name: string, ownerReferences: object[]): Promise<TestObject> {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ownerReferences } };
    return (await write(cluster, "POST", `/api/v1/namespaces/${namespace}/configmaps`, map)) as TestObject;
  }
}

function referenceTo({ apiVersion, kind, metadata }: TestObject): object {
  const { name, uid } = metadata as { name: string; uid?: string };
  return { apiVersion, kind, name, uid };
}
