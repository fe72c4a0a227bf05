import { readFileSync } from "node:fs";

/** What a pod is connected to. */
export interface Remote {
  /** "198.18.7.2" */
  address: string;
  port: number;
}

/** To whom the programs of a network namespace have connected, and still are. @param pid of one that is in it */
export function connectedTo(pid: number): Remote[] {
  return outgoing(
    readFileSync(`/proc/${pid}/net/tcp`, "utf8"),
    readFileSync(`/proc/${pid}/net/tcp6`, "utf8"),
  );
}

const established = "01";
const listening = "0A";

/**
 * Of the kernel's tables of sockets (proc(5)): who is called calls nobody back by the port at which it listens. Programs call an
 * IPv4 address by a socket of IPv4.
 */
function outgoing(tcp: string, tcp6: string): Remote[] {
  const listens = new Set(
    [...sockets(tcp), ...sockets(tcp6)].flatMap((one) => (one.state === listening ? one.port : [])),
  );
  return sockets(tcp)
    .filter(({ state, port }) => state === established && !listens.has(port))
    .map(({ remote }) => remote);
}

interface Socket {
  /** of its own */
  port: number;
  remote: Remote;
  state: string;
}

function sockets(table: string): Socket[] {
  const rows = table.trimEnd().split("\n").slice(1);
  return rows.map((row) => {
    const [, local = "", remote = "", state = ""] = row.trim().split(/\s+/);
    return { port: endOf(local).port, remote: endOf(remote), state };
  });
}

/** Of "0207A8C0:18EB", an address as this machine keeps it in memory. */
function endOf(text: string): Remote {
  const [hex = "", port = ""] = text.split(":");
  const bytes = Buffer.from(hex, "hex").subarray(0, 4);
  return { address: [...bytes].reverse().join("."), port: Number.parseInt(port, 16) };
}
