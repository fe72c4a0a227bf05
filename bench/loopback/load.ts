import type { TestCluster } from "../../test/cluster/test-cluster.js";
import { fluxPartsOf } from "./flux-objects.js";
import type { Part } from "./parts.js";
import { nameOf, partsOf } from "./workload.js";

const atOnce = 16;

/** Does something for each number below `count`, some at a time. */
export async function forEach(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}

/**
 * Writes workloads with everything that belongs to them as their controllers would, so that the managed fields are right, too.
 *
 * @param repository where all of them come from
 */
export async function loadWorkloads(cluster: TestCluster, count: number, repository: string): Promise<void> {
  await forEach(count, async (index) => {
    await write(cluster, "POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: nameOf(index) },
    });
    const uids = new Map<string, string>();
    for (const part of [...partsOf(index), ...fluxPartsOf(index, repository)]) {
      const { kind, metadata } = part.object;
      uids.set(`${kind}/${metadata.name}`, await writePart(cluster, part, uids));
    }
  });
}

/** Answers its uid. */
async function writePart(
  cluster: TestCluster,
  { collection, object, by, status, owner }: Part,
  uids: ReadonlyMap<string, string>,
): Promise<string> {
  const { metadata } = object;
  const path = `${collection}/${metadata.name}`;
  const written =
    by === "kustomize-controller"
      ? await write(cluster, "PATCH", `${path}?fieldManager=${by}&force=true`, object, applyPatch)
      : await write(cluster, "POST", `${collection}?fieldManager=${by}`, owner ? owned() : object);
  if (status)
    await write(cluster, "PATCH", `${path}/status?fieldManager=${status.by}`, { status: status.content });
  return (written as { metadata: { uid: string } }).metadata.uid;

  function owned() {
    const reference = {
      apiVersion: owner?.kind === "Service" ? "v1" : "apps/v1",
      ...owner,
      uid: uids.get(`${owner?.kind}/${owner?.name}`),
      controller: true,
      blockOwnerDeletion: true,
    };
    return { ...object, metadata: { ...metadata, ownerReferences: [reference] } };
  }
}

const mergePatch = "application/merge-patch+json";
const applyPatch = "application/apply-patch+yaml";

/**
 * One write, and what it made of the object.
 *
 * @throws Error for what the API server refuses
 */
export async function write(
  cluster: TestCluster,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  type: string = method === "PATCH" ? mergePatch : "application/json",
): Promise<unknown> {
  const answer = await cluster.request(method, path, body, body ? { "content-type": type } : {});
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
