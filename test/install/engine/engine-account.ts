import { setTimeout as sleep } from "node:timers/promises";
import { engineObjects } from "../../../src/install/engine/engine-objects.js";
import type { EngineWish } from "../../../src/install/engine/wish.js";
import type { KubeObject } from "../../../src/kube/object.js";
import type { TestCluster } from "../../cluster/cluster.js";

export const engineUser = "system:serviceaccount:argocd:flamingo-loopback";

const wish: EngineWish = {
  namespace: "argocd",
  image: "ghcr.io/flux-subsystem-argo/flamingo:v1.2.3",
  auto: {},
  ha: false,
  shards: 1,
  cascade: true,
  helmStorage: true,
  appNamespaces: [],
  serviceMonitor: false,
  admissionPolicy: true,
  redis: undefined,
};

/** The objects of an engine in argocd, with all rights and policies but for what is wished otherwise. */
export async function installEngine(cluster: TestCluster, wished: Partial<EngineWish> = {}): Promise<void> {
  for (const namespace of ["argocd", "apps"]) await cluster.createNamespace(namespace);
  await cluster.applyAll<KubeObject>(engineObjects({ ...wish, ...wished }));
}

/** A request as the engine's ServiceAccount sends it. Answers why it is refused; undefined when it is not. */
export async function refusalOf(cluster: TestCluster, request: Request): Promise<string | undefined> {
  const { method, path, body, type = "application/merge-patch+json" } = request;
  const { status, body: answer } = await cluster.request(method, path, body, {
    "impersonate-user": engineUser,
    "content-type": type,
  });
  return status < 300 ? undefined : ((answer as { message?: string } | null)?.message ?? String(status));
}

export interface Request {
  method: "PATCH" | "PUT" | "POST" | "DELETE";
  path: string;
  body?: unknown;
  /** of a PATCH: a merge patch, when it is not given */
  type?: string;
}

/** Until the API server refuses what its policies refuse; it learns of them a moment after they were written. */
export async function untilRefused(cluster: TestCluster, request: Request): Promise<void> {
  while (!(await refusalOf(cluster, request))?.includes("flamingo loopback may not")) await sleep(50);
}
