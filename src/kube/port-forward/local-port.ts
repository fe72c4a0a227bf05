import { type AddressInfo, createServer, isIP, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { systemReason, UserError } from "../../errors.js";

/** A port of this machine, the same on one address or several. */
export interface LocalPort {
  number: number;
  /** ends its connections, too */
  close(): void;
}

/**
 * Listens on the same port of each address.
 *
 * @param hosts IP addresses, or "localhost": 127.0.0.1 and ::1, as far as the machine has them
 * @param port 0 for one that is free
 * @throws UserError, with a port that is free in its hint where this one is in use
 */
export async function listenOn(
  hosts: readonly string[],
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<LocalPort> {
  const servers = await open(hosts, port).catch(async (error: unknown) => {
    throw await explained(error, hosts, port);
  });
  const sockets = new Set<Socket>();
  for (const server of servers) {
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      onConnection(socket);
    });
  }
  return {
    number: portOf(servers),
    close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Who has said all may wait for an answer, or have gone: only silence tells. */
const quietMs = 10_000;

/** Passes on what either side says, no faster than the other one takes it, until one of them has ended. */
export function join(socket: Socket, stream: Duplex): void {
  socket.once("end", () => socket.setTimeout(quietMs, () => socket.destroy()));
  socket.once("close", () => stream.destroy());
  stream.once("close", () => (stream.errored ? socket.resetAndDestroy() : socket.destroySoon()));
  if (socket.destroyed) stream.destroy();
  else socket.pipe(stream).pipe(socket);
}

const missing = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];
const loopbacks = ["127.0.0.1", "::1"];
const wildcards = ["0.0.0.0", "::"];

/** Each once, and none of a family whose wildcard is among them: who listens on an address twice is in his own way. */
function addressesOf(hosts: readonly string[]): string[] {
  // "::0" is the wildcard, too
  const all = new Set(
    hosts.flatMap((host) => (host === "localhost" ? loopbacks : host.replace(/^[0:]+$/, "::"))),
  );
  const asked = wildcards.filter((one) => all.has(one));
  const others = [...all].filter((host) => !asked.some((one) => isIP(one) === isIP(host)));
  // the second address of localhost may be missing, the first one of all may not
  return [...asked, ...others];
}

/** @throws Node's error of the first address that cannot be had; then none is */
async function open(hosts: readonly string[], port: number, tries = 10): Promise<Server[]> {
  const servers: Server[] = [];
  for (const host of addressesOf(hosts)) {
    try {
      servers.push(await listening(host, servers.length === 0 ? port : portOf(servers)));
    } catch (error) {
      const isExtra = loopbacks.includes(host) && !hosts.includes(host);
      if (isRefusal(error, missing) && servers.length > 0 && isExtra) continue;
      for (const server of servers) server.close();
      // what is free on the first address need not be so on the others
      if (port === 0 && servers.length > 0 && tries > 1 && isRefusal(error, ["EADDRINUSE"]))
        return open(hosts, port, tries - 1);
      throw error;
    }
  }
  return servers;
}

function listening(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    // the client may have said all before the answer begins
    const server = createServer({ allowHalfOpen: true });
    server.once("error", reject);
    server.listen({ host, port, ipv6Only: true }, () => resolve(server));
  });
}

function portOf([server]: readonly Server[]): number {
  const address = server?.address() as AddressInfo | undefined;
  return address?.port ?? 0;
}

function isRefusal(error: unknown, codes: readonly string[]): error is NodeJS.ErrnoException {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

async function explained(error: unknown, hosts: readonly string[], port: number): Promise<unknown> {
  if (!isRefusal(error, [...missing, "EADDRINUSE", "EACCES"])) return error;
  const reason = systemReason(error, {
    EADDRINUSE: "the port is in use",
    EACCES: "the ports below 1024 are not for everybody",
    ...Object.fromEntries(missing.map((code) => [code, "this machine has no such address"])),
  });
  const free = missing.includes(error.code ?? "") ? 0 : await freePort(hosts, port);
  const hint = free === 0 ? "Choose another --address" : `Take one that is free: --port ${free}`;
  return new UserError(`Cannot listen on port ${port} of ${hosts.join(", ")}: ${reason}`, {
    hint,
    cause: error,
  });
}

/** One of the next ports, which are easiest to remember, or else any; 0 when there is none. */
async function freePort(hosts: readonly string[], taken: number): Promise<number> {
  for (const port of [...Array.from({ length: 10 }, (_, index) => Math.max(taken, 1023) + index + 1), 0]) {
    const servers = await open(hosts, port).catch(() => []);
    const free = servers.length > 0 && portOf(servers);
    for (const server of servers) server.close();
    if (free) return free;
  }
  return 0;
}
