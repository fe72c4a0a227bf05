import { openTransport, type TransportDeps } from "./access/open-transport.js";
import { openKube } from "./cluster.js";
import type { ConnectionFlags } from "./connection-flags.js";
import type { Kube } from "./kube.js";

export interface Connection {
  kube: Kube;
  close(): void;
}

/**
 * A cluster as the kubeconfig and the flags name it. Nothing is asked of it yet.
 *
 * @param trace is told each request in a line, for `--verbose`
 */
export async function connect(
  flags: ConnectionFlags,
  deps: TransportDeps,
  trace?: (line: string) => void,
): Promise<Connection> {
  const transport = await openTransport(flags, deps);
  const kube = openKube(transport, {
    signal: deps.signal,
    ...(flags.requestTimeoutMs === undefined ? {} : { requestTimeoutMs: flags.requestTimeoutMs }),
    ...(trace ? { trace } : {}),
  });
  return { kube, close: () => transport.close() };
}
