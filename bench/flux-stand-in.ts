import { request } from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestCluster } from "../test/cluster/test-cluster.js";
import { kustomizationStatus } from "./objects.js";

const kustomizations = "/apis/kustomize.toolkit.fluxcd.io/v1";
const requestedAt = "reconcile.fluxcd.io/requestedAt";

interface Kustomization {
  metadata: {
    name: string;
    namespace: string;
    generation: number;
    annotations?: Record<string, string>;
  };
}

/**
 * Answers, as kustomize-controller does, whoever asks for a Kustomization: all is well with it, after its own time.
 *
 * @param indexOf of a Kustomization among those of `objects.ts`
 */
export async function startFlux(
  cluster: TestCluster,
  indexOf: (name: string) => number,
  takesMs: (index: number) => number,
): Promise<{ stop(): void }> {
  const { connection } = cluster;
  const options = {
    ca: connection.authority.cert,
    headers: { authorization: `Bearer ${connection.tokens.admin}` },
  };
  const { metadata } = (await cluster.request("GET", `${kustomizations}/kustomizations`)).body as {
    metadata: { resourceVersion: string };
  };
  const query = `watch=1&resourceVersion=${metadata.resourceVersion}`;
  const watch = request(`${cluster.server}${kustomizations}/kustomizations?${query}`, options);
  const handled = new Map<string, string>();
  const answer = async ({ metadata: { name, namespace, generation } }: Kustomization, token: string) => {
    await sleep(takesMs(indexOf(name)));
    const status = { ...(kustomizationStatus(indexOf(name)) as object), lastHandledReconcileAt: token };
    const path = `${kustomizations}/namespaces/${namespace}/kustomizations/${name}/status`;
    const type = { "content-type": "application/merge-patch+json" };
    await cluster.request("PATCH", path, { status: { ...status, observedGeneration: generation } }, type);
  };
  watch.on("response", (response) => {
    // ends with the cluster
    response.on("error", () => {});
    createInterface({ input: response }).on("line", (line) => {
      const { object } = JSON.parse(line) as { object: Kustomization };
      const { name, namespace, annotations = {} } = object.metadata;
      const token = annotations[requestedAt];
      const key = `${namespace}/${name}`;
      if (token === undefined || handled.get(key) === token) return;
      handled.set(key, token);
      void answer(object, token);
    });
  });
  watch.on("error", () => {});
  watch.end();
  return { stop: () => watch.destroy() };
}
