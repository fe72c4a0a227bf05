import { openKube } from "../../src/kube/cluster.js";
import type { Kube } from "../../src/kube/kube.js";
import type { ClusterConnection } from "../cluster/connection.js";
import { transportTo } from "../kube/stand-in.js";

export type User = keyof ClusterConnection["tokens"];

/**
 * A Kube for a user of a test cluster.
 *
 * @param options.server another address, such as a proxy's
 */
export function kubeOf(
  { connection }: { connection: ClusterConnection },
  { user = "admin", server = connection.server }: { user?: User; server?: string } = {},
): Kube {
  const token = connection.tokens[user];
  const transport = transportTo(server, {
    tls: { ca: connection.authority.cert },
    headers: async () => ({ Authorization: `Bearer ${token}` }),
    secrets: new Set([token]),
  });
  return openKube(transport, { signal: new AbortController().signal, firstWaitMs: 1 });
}
