import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { TestCluster } from "../cluster/cluster.js";

export interface Relay {
  /** "https://127.0.0.1:PORT"; the API server's own certificate fits */
  readonly server: string;
  /** how many connections there are at this moment */
  readonly connections: number;
  /** closes all that are open; new ones are let through, or refused until {@link mend} */
  cut(andRefuse?: "and refuse"): void;
  mend(): Promise<void>;
}

/** Passes TCP connections on to the API server, for faults of the network. */
export async function startRelay({ connection }: TestCluster): Promise<Relay> {
  const { hostname, port } = new URL(connection.server);
  const pairs = new Set<[Socket, Socket]>();
  const relay = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on("error", () => {}).on("close", end);
    client.pipe(upstream).pipe(client);
  });
  const listen = (at: number) => new Promise<void>((resolve) => relay.listen(at, "127.0.0.1", resolve));
  await listen(0);
  const { port: own } = relay.address() as AddressInfo;
  const cut = () => {
    for (const [client] of pairs) client.destroy();
  };
  onTestFinished(() => {
    cut();
    relay.close();
  });
  return {
    server: `https://127.0.0.1:${own}`,
    get connections() {
      return pairs.size;
    },
    cut(andRefuse) {
      cut();
      if (andRefuse) relay.close();
    },
    mend: () => listen(own),
  };
}
