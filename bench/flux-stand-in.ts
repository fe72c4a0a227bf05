import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestCluster } from "../test/cluster/test-cluster.js";
import { kustomizationStatus } from "./objects.js";

const api = "/apis/kustomize.toolkit.fluxcd.io/v1";
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
export function startFlux(
  cluster: TestCluster,
  indexOf: (name: string) => number,
  takesMs: (index: number) => number,
): { stop(): void } {
  const end = new AbortController();
  const heard = new Map<string, string>();

  function hear({ metadata }: Kustomization): void {
    const { name, namespace, generation, annotations = {} } = metadata;
    const token = annotations[requestedAt];
    const key = `${namespace}/${name}`;
    if (token === undefined || heard.get(key) === token) return;
    heard.set(key, token);
    const path = `${api}/namespaces/${namespace}/kustomizations/${name}/status`;
    const index = indexOf(name);
    const status = {
      ...kustomizationStatus(index),
      observedGeneration: generation,
      lastHandledReconcileAt: token,
    };
    const type = { "content-type": "application/merge-patch+json" };
    void sleep(takesMs(index)).then(() => cluster.request("PATCH", path, { status }, type));
  }

  /** An API server that is busy ends watches that do not take fast enough: then all is listed again. */
  async function listen(): Promise<void> {
    while (!end.signal.aborted) {
      const { body } = await cluster.request("GET", `${api}/kustomizations`);
      const { metadata, items } = body as { metadata: { resourceVersion: string }; items: Kustomization[] };
      items.forEach(hear);
      await watch(metadata.resourceVersion).catch(() => {});
    }
  }

  async function watch(resourceVersion: string): Promise<void> {
    const { server, connection } = cluster;
    const asked = request(`${server}${api}/kustomizations?watch=1&resourceVersion=${resourceVersion}`, {
      ca: connection.authority.cert,
      headers: { authorization: `Bearer ${connection.tokens.admin}` },
      signal: end.signal,
    });
    asked.end();
    const [input] = (await once(asked, "response")) as [IncomingMessage];
    for await (const line of createInterface({ input })) {
      hear((JSON.parse(line) as { object: Kustomization }).object);
    }
  }

  void listen().catch(() => {});
  return { stop: () => end.abort() };
}
