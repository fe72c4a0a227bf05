import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer, type ServerOptions, request as secureRequest } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import type { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import type { Transport } from "../../../src/kube/transport.js";

/** One request as it reached the server. */
export interface Visit {
  url: string;
  /** each as often as it was sent; names in small letters */
  headers: NodeJS.Dict<string[]>;
  body: string;
  /** common name of the client's certificate */
  client: string | undefined;
  /** the name that was asked for in the TLS handshake */
  servername: string | false | undefined;
  /** another number for another connection */
  connection: number;
  isResumed: boolean;
}

export interface RecordingServer {
  url: string;
  port: number;
  visits: Visit[];
}

type Answer = (visit: Visit) => { status?: number; body?: unknown };

/** An HTTPS server (HTTP without `tls`) that remembers who came how, gone when the test is over. */
export async function recordingServer(
  tls: ServerOptions | undefined,
  answer: Answer = () => ({}),
): Promise<RecordingServer> {
  const visits: Visit[] = [];
  const connections = new Map<Socket, number>();
  const listener = async (request: IncomingMessage, response: import("node:http").ServerResponse) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const visit = {
      url: request.url ?? "",
      headers: request.headersDistinct,
      body,
      ...senderOf(request, connections),
    };
    visits.push(visit);
    const { status = 200, body: reply = {} } = answer(visit);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(reply));
  };
  const server = tls ? createServer(tls, listener) : createHttpServer(listener);
  server.on("tlsClientError", () => {});
  const port = await listen(server);
  return { url: `${tls ? "https" : "http"}://localhost:${port}`, port, visits };
}

function senderOf({ socket }: IncomingMessage, connections: Map<Socket, number>) {
  const number = connections.get(socket) ?? connections.size + 1;
  connections.set(socket, number);
  const tls = socket as Partial<TLSSocket>;
  return {
    client: (tls.getPeerCertificate?.() as { subject?: { CN: string } } | undefined)?.subject?.CN,
    servername: (tls as { servername?: string | false }).servername,
    isResumed: tls.isSessionReused?.() ?? false,
    connection: number,
  };
}

/** A TCP server whose sockets are closed when the test is over. The answer is its port. */
export function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Asks the server of a transport as the JSON client does: the status of its answer. */
export async function ask(
  transport: Transport,
  path = "/version",
  by: "agent" | "streamAgent" = "agent",
): Promise<number> {
  const headers = await transport.headers();
  const { [by]: agent, server } = transport;
  const request = server.protocol === "https:" ? secureRequest : (await import("node:http")).request;
  return new Promise((resolve, reject) => {
    request(new URL(path, server), { agent, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    })
      .on("error", reject)
      .end();
  });
}

export interface ProxyStandIn {
  port: number;
  /** "CONNECT localhost:6443", with the user when there is one */
  seen: string[];
}

/** An HTTP proxy that tunnels, wherever it is asked to, to this machine. */
export async function httpProxy({
  status = 200,
  tls,
}: {
  status?: number;
  tls?: ServerOptions;
} = {}): Promise<ProxyStandIn> {
  const seen: string[] = [];
  const server = tls ? createServer(tls) : createHttpServer();
  server.on("tlsClientError", () => {});
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    const [, pair = ""] = request.headers["proxy-authorization"]?.split(" ") ?? [];
    seen.push(`CONNECT ${request.url} ${Buffer.from(pair, "base64")}`.trim());
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} Denied\r\n\r\n`);
      return;
    }
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    tunnel(socket, Number(request.url?.split(":").at(-1)));
  });
  return { port: await listen(server), seen };
}

/** A SOCKS5 proxy (RFC 1928, 1929), leading to this machine too. */
export async function socksProxy({
  password,
  reply = 0,
}: {
  password?: string;
  reply?: number;
} = {}): Promise<ProxyStandIn> {
  const seen: string[] = [];
  const server = createTcpServer(async (socket) => {
    const [, count = 0] = await bytes(socket, 2);
    const methods = await bytes(socket, count);
    const method = password === undefined ? 0 : 2;
    socket.write(Buffer.from([5, methods.includes(method) ? method : 255]));
    if (!methods.includes(method)) return;
    let user = "";
    if (password !== undefined) {
      const name = await bytes(socket, (await bytes(socket, 2))[1] ?? 0);
      const secret = await bytes(socket, (await bytes(socket, 1))[0] ?? 0);
      user = ` ${name}:${secret}`;
      socket.write(Buffer.from([1, String(secret) === password ? 0 : 1]));
      if (String(secret) !== password) return;
    }
    const [, , , , length = 0] = await bytes(socket, 5);
    const host = String(await bytes(socket, length));
    const port = (await bytes(socket, 2)).readUInt16BE();
    seen.push(`SOCKS ${host}:${port}${user}`);
    socket.write(Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 1]));
    if (reply === 0) tunnel(socket, port);
  });
  return { port: await listen(server), seen };
}

function tunnel(socket: Socket, port: number): void {
  const onward = connect(port, "127.0.0.1");
  onward.on("error", () => socket.destroy());
  socket.pipe(onward).pipe(socket);
}

async function bytes(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const read = count === 0 ? Buffer.alloc(0) : (socket.read(count) as Buffer | null);
    if (read) return read;
    await new Promise((resolve) => socket.once("readable", resolve));
  }
}
