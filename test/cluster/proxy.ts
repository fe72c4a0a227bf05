import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as httpsRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { issueCertificate } from "./certificates.js";
import type { ClusterConnection } from "./connection.js";
import { type KubeconfigOptions, writeKubeconfig } from "./kubeconfig.js";

/** A request as it arrived. */
export interface SeenRequest {
  method: string;
  /** without the query */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

/** What becomes of a request. Only "pass" leaves it and its answer as they are. */
export type Fate =
  | "pass"
  /** the connection is reset without an answer */
  | "reset"
  /** no answer, ever */
  | "hang"
  /** this answer; the API server hears nothing. A body that is not text is sent as JSON */
  | { status: number; headers?: Record<string, string>; body?: unknown; delayMs?: number }
  /**
   * The API server's answer, but later, or cut off after so many bytes of its body, or to other request headers
   * (undefined drops one)
   */
  | { delayMs?: number; truncateAfterBytes?: number; modify?: Record<string, string | undefined> };

/** Like an API server that does not know aggregated discovery (Kubernetes before 1.27). */
export const asOlderServer = (): Fate => ({ modify: { accept: "application/json" } });

export interface FaultProxy {
  /** "https://127.0.0.1:PORT" */
  readonly server: string;
  /** All since the start or the last {@link forget}, in the order of their arrival. */
  readonly requests: readonly SeenRequest[];
  /** How many requests were under way at once, at the most. */
  readonly maxInFlight: number;
  /** How many TCP connections clients opened. */
  readonly connections: number;
  /** From now on requests end like this. */
  decide(fate: (request: SeenRequest) => Fate): void;
  /** Counts start again from nothing. */
  forget(): void;
  /** Ends every connection that is open now, as a load balancer does that is started anew. */
  cut(): void;
  /** A kubeconfig that leads to the proxy. A client certificate ends here: log in with a token. */
  kubeconfig(options?: KubeconfigOptions): string;
  /** Cuts every connection; then nobody listens. */
  stop(): Promise<void>;
}

/**
 * Stands in front of an API server with a certificate of the same authority, and does to requests what a test wants.
 *
 * @example const proxy = await startProxy(cluster, ({ path }) => (path === "/apis" ? { status: 503 } : "pass"))
 */
export async function startProxy(
  { connection }: { connection: ClusterConnection },
  firstFate: (request: SeenRequest) => Fate = () => "pass",
): Promise<FaultProxy> {
  const { cert, key } = issueCertificate(connection.authority, {
    commonName: "fault proxy",
    hosts: ["127.0.0.1", "localhost"],
  });
  const upstream = new Agent({ ca: connection.authority.cert, keepAlive: true });
  const sockets = new Map<number | undefined, Socket>();
  let decide = firstFate;
  let requests: SeenRequest[] = [];
  let connections = 0;
  let inFlight = 0;
  let maxInFlight = 0;

  const server = createServer({ cert, key }, (incoming, response) => {
    const seen = seenRequest(incoming);
    requests.push(seen);
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    response.once("close", () => inFlight--);
    const socket = sockets.get(incoming.socket.remotePort);
    const reset = () => socket?.resetAndDestroy();
    const cut = () => socket?.destroy();
    answer(decide(seen), incoming, response, { target: connection.server, upstream, reset, cut }).catch(
      reset,
    );
  });
  // the sockets below TLS: only those can be reset
  server.on("connection", (socket: Socket) => {
    connections++;
    const port = socket.remotePort;
    sockets.set(port, socket);
    socket.once("close", () => sockets.delete(port));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    server: url,
    get requests() {
      return requests;
    },
    get maxInFlight() {
      return maxInFlight;
    },
    get connections() {
      return connections;
    },
    decide(fate) {
      decide = fate;
    },
    forget() {
      requests = [];
      connections = 0;
      maxInFlight = inFlight;
    },
    cut() {
      for (const socket of sockets.values()) socket.destroy();
    },
    kubeconfig: (options) => writeKubeconfig(connection, { server: url, ...options }),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets.values()) socket.destroy();
      upstream.destroy();
      await closed;
    },
  };
}

function seenRequest(incoming: IncomingMessage): SeenRequest {
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "https://proxy");
  return {
    method: incoming.method ?? "",
    path: pathname,
    query: searchParams,
    headers: { ...incoming.headers },
  };
}

interface Way {
  target: string;
  upstream: Agent;
  /** closes the client's connection with TCP's RST */
  reset(): void;
  /** closes it with FIN, after what was written */
  cut(): void;
}

async function answer(
  fate: Fate,
  incoming: IncomingMessage,
  response: ServerResponse,
  way: Way,
): Promise<void> {
  if (fate === "hang") return;
  if (fate === "reset") return way.reset();
  const how = fate === "pass" ? {} : fate;
  if (how.delayMs) await sleep(how.delayMs, undefined, { ref: false });
  if ("status" in how) {
    const isText = typeof how.body === "string";
    response.writeHead(how.status, {
      "content-type": isText ? "text/plain" : "application/json",
      ...how.headers,
    });
    response.end(isText ? how.body : JSON.stringify(how.body));
    return;
  }
  forward(incoming, response, way, how);
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  { target, upstream, reset, cut }: Way,
  {
    truncateAfterBytes,
    modify = {},
  }: { truncateAfterBytes?: number; modify?: Record<string, string | undefined> },
): void {
  const headers = { ...incoming.headers, ...modify };
  for (const [name, value] of Object.entries(modify)) if (value === undefined) delete headers[name];
  const request = httpsRequest(`${target}${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers,
    agent: upstream,
  });
  request.once("error", reset);
  response.once("close", () => request.destroy());
  request.once("response", (theirs) => {
    response.writeHead(theirs.statusCode ?? 502, theirs.headers);
    theirs.once("error", reset);
    if (truncateAfterBytes === undefined) theirs.pipe(response);
    else sendFirstBytes(theirs, response, truncateAfterBytes, cut);
  });
  incoming.pipe(request);
}

/** As much of the body as is wanted, then `cut`; a shorter body arrives whole. */
function sendFirstBytes(
  theirs: IncomingMessage,
  response: ServerResponse,
  count: number,
  cut: () => void,
): void {
  let left = count;
  theirs.on("data", (chunk: Buffer) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left > 0) return void response.write(part);
    theirs.pause();
    response.write(part, cut);
  });
  theirs.once("end", () => response.end());
}
