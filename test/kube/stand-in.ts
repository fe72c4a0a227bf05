import { createServer, Agent as HttpAgent, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, type AgentOptions, createServer as createTlsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Transport } from "../../src/kube/transport.js";

/** What a stand-in was asked. */
export interface Received {
  method: string;
  /** path and query */
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Handler = (request: Received, response: ServerResponse) => void;

export interface StandIn {
  url: string;
  /** all that it was asked so far */
  received: Received[];
}

/** A small HTTP server that answers as a test wants, gone when the test is over. For faults no API server can be asked to have. */
export async function standIn(handler: Handler, tls?: ServerOptions): Promise<StandIn> {
  const received: Received[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const one = { method, url, headers, body };
    received.push(one);
    handler(one, response);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  // clients that break off in the middle of a handshake
  server.on("tlsClientError", () => {});
  const port = await listen(server);
  return { url: `${tls ? "https" : "http"}://127.0.0.1:${port}`, received };
}

/** A server that speaks no HTTP: `onSocket` does what it likes with each connection. The answer is its port. */
export function rawServer(onSocket: (socket: Socket) => void): Promise<number> {
  return listen(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      onSocket(socket);
    }),
  );
}

function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** A way to `url` without credentials. */
export function transportTo(
  url: string,
  { tls, ...parts }: Partial<Transport> & { tls?: AgentOptions } = {},
): Transport {
  const agentWith = (options: AgentOptions) =>
    url.startsWith("https:") ? new Agent({ ...options, ...tls }) : new HttpAgent(options);
  const [agent, streamAgent] = [agentWith({ keepAlive: true }), agentWith({})];
  onTestFinished(() => {
    agent.destroy();
    streamAgent.destroy();
  });
  return {
    server: new URL(url),
    agent,
    streamAgent,
    secrets: new Set(),
    headers: async () => ({}),
    renew: () => false,
    disableCompression: false,
    description: "context test (~/.kube/config)",
    close: () => agent.destroy(),
    ...parts,
  };
}

/** Answers with `body` as JSON. */
export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}
