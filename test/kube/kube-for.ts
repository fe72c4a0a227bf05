import { onTestFinished } from "vitest";
import { type KubeOptions, openKube } from "../../src/kube/cluster.js";
import type { Kube } from "../../src/kube/kube.js";
import type { Transport } from "../../src/kube/transport.js";
import type { TestCluster } from "../cluster/cluster.js";
import { type FaultProxy, startProxy } from "../cluster/proxy.js";
import { transportTo } from "./stand-in.js";

export interface Login {
  user?: "admin" | "alice" | "bob" | "carol";
  /** another address than the API server's own */
  server?: string;
}

/** A Kube for a user of the test cluster. */
export function kubeFor(
  cluster: TestCluster,
  { user, server, ...options }: Partial<KubeOptions> & Login = {},
): Kube {
  const transport = transportFor(cluster, { ...(user ? { user } : {}), ...(server ? { server } : {}) });
  return openKube(transport, { signal: new AbortController().signal, firstWaitMs: 1, ...options });
}

/** The way of a user to the test cluster. */
export function transportFor(
  { connection }: TestCluster,
  { user = "admin", server = connection.server, ...parts }: Login & Partial<Omit<Transport, "server">> = {},
): Transport {
  const token = connection.tokens[user];
  return transportTo(server, {
    tls: { ca: connection.authority.cert },
    headers: async () => ({ Authorization: `Bearer ${token}` }),
    secrets: new Set([token]),
    ...parts,
  });
}

/** A fault proxy that is gone when the test is over. */
export async function proxyFor(...args: Parameters<typeof startProxy>): Promise<FaultProxy> {
  const proxy = await startProxy(...args);
  onTestFinished(() => proxy.stop());
  return proxy;
}
