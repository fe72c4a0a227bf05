import type { TestObject } from "../../cluster/crds.js";
import type { TestCluster } from "../../cluster/test-cluster.js";

/** What comes, goes and changes by itself. */
const restless = new Set(["Event", "Lease", "EndpointSlice", "Endpoints"]);

/** All objects of a cluster, "v1 Secret argocd/argocd-redis" → JSON, but for statuses and who wrote what when. */
export async function snapshot(cluster: TestCluster): Promise<Record<string, string>> {
  const { groups } = await answer<{ groups: { preferredVersion: { groupVersion: string } }[] }>("/apis");
  const roots = groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`);
  const lists = await Promise.all(["/api/v1", ...roots].map(objectsBelow));
  return Object.fromEntries(lists.flat().sort());

  async function objectsBelow(root: string): Promise<[string, string][]> {
    const { groupVersion, resources } = await answer<ResourceList>(root);
    const listed = resources.filter(({ kind, verbs }) => verbs.includes("list") && !restless.has(kind));
    const lists = listed.map(async ({ name, kind }) => {
      const { items } = await answer<{ items: TestObject[] }>(`${root}/${name}`);
      return items.map(({ metadata, status, ...rest }): [string, string] => {
        const { resourceVersion, managedFields, generation, ...kept } = metadata as TestObject["metadata"] &
          Record<string, unknown>;
        const where = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
        return [
          `${groupVersion} ${kind} ${where}${metadata.name}`,
          JSON.stringify({ metadata: kept, ...rest }),
        ];
      });
    });
    return (await Promise.all(lists)).flat();
  }

  async function answer<T>(path: string): Promise<T> {
    const { status, body } = await cluster.request("GET", path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}`);
    return body as T;
  }
}

interface ResourceList {
  groupVersion: string;
  resources: { name: string; kind: string; verbs: string[] }[];
}
