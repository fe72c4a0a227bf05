import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export interface FarAway {
  /** "https://127.0.0.1:PORT" */
  server: string;
  stop(): void;
}

/** The same server, further away: what is sent arrives `ms` later, what is answered at once. TLS goes through untouched. */
export async function withLatency(server: string, ms: number): Promise<FarAway> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  const relay = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      socket.setNoDelay();
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (chunk) => setTimeout(() => far.write(chunk), ms));
    near.on("end", () => setTimeout(() => far.end(), ms));
    far.pipe(near);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  return {
    server: `https://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    stop() {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
