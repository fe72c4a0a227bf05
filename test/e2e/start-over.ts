import { expect } from "vitest";
import type { TestObject } from "../cluster/crds.js";
import type { TestCluster } from "../cluster/test-cluster.js";

const applications = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };

/** Removes what the first try of a test has left: its Applications and its namespace, with Flux' objects in it. */
export async function startOver(cluster: TestCluster, namespace: string): Promise<void> {
  const { apiVersion, kind } = applications;
  for (const { metadata, spec } of await cluster.list<TestObject & Destined>(apiVersion, kind)) {
    if (spec.destination.namespace !== namespace) continue;
    await cluster.delete(apiVersion, kind, metadata.name, metadata.namespace);
    if (await cluster.find(apiVersion, kind, metadata.name, metadata.namespace))
      await cluster.change({ ...applications, metadata }, { metadata: { finalizers: null } });
  }
  if (!(await cluster.find("v1", "Namespace", namespace))) return;
  await cluster.delete("v1", "Namespace", namespace);
  await expect.poll(() => cluster.find("v1", "Namespace", namespace)).toBeUndefined();
}

interface Destined {
  spec: { destination: { namespace?: string } };
}
