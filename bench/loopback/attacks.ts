import type { AppProject } from "../../src/argo/app-project.js";
import type { Kustomization } from "../../src/flux/kustomization.js";
import type { TestObject } from "../../test/cluster/crds.js";
import type { TestCluster } from "../../test/cluster/test-cluster.js";
import { forEach, write } from "./load.js";
import { applied } from "./parts.js";

const fieldManager = "kustomize-controller";
const applyPatch = "application/apply-patch+yaml";

/** The Kustomization of somebody who wants to keep the engine busy. A Deployment `web` is in its namespace. */
interface Attacker {
  namespace: string;
  name: string;
}

/**
 * What a tenant can make so that one report takes long: an object with thousands of fields, each of which has an owner; hundreds
 * of objects that name hundreds of owners; an inventory of names that patterns can be laid upon in millions of ways.
 */
export async function loadAttacks(cluster: TestCluster, attacker: Attacker): Promise<void> {
  await applyWithVariables(cluster, attacker.namespace, 9000);
  await writeWithOwners(cluster, attacker.namespace, { owners: 200, owned: 400 });
  await addToInventory(cluster, attacker, [
    `${attacker.namespace}_variables_apps_Deployment`,
    ...namesOf(1000),
  ]);
}

const many = "*a*a*a*a*a*a*b";

/** What an AppProject may have to lay upon those names. It permits everything else. */
export const patterns: NonNullable<AppProject["spec"]> = {
  sourceRepos: ["*-*-*-prod", "*"],
  sourceNamespaces: ["/^(a+)+b$/"],
  destinations: [
    { namespace: many, server: "*" },
    { namespace: "*", server: "*" },
    { namespace: "!aaa*", server: "*" },
  ],
  clusterResourceWhitelist: [
    { group: "*", kind: "*", name: many },
    { group: "*", kind: "*" },
  ],
  clusterResourceBlacklist: [{ group: "*", kind: "*", name: "aaa*" }],
};

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

/** In an inventory; the objects need not be there. */
function namesOf(count: number): string[] {
  const numbers = Array.from({ length: count }, (_, index) => String(index).padStart(4, "0"));
  return numbers.flatMap((number) => [
    `${"a".repeat(59)}${number}_listed__ConfigMap`,
    `_${"a".repeat(240)}${number}_rbac.authorization.k8s.io_ClusterRole`,
  ]);
}

async function addToInventory(
  cluster: TestCluster,
  { namespace, name }: Attacker,
  ids: readonly string[],
): Promise<void> {
  const path = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/${name}`;
  const { status } = (await cluster.request("GET", path)).body as Kustomization;
  const entries = [...(status?.inventory?.entries ?? []), ...ids.map((id) => ({ id, v: "v1" }))];
  await write(cluster, "PATCH", `${path}/status?fieldManager=${fieldManager}`, {
    status: { inventory: { entries } },
  });
}
