import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { UserError } from "../../../src/errors.js";
import { openKube } from "../../../src/kube/cluster.js";
import { rawServer, standIn, transportTo } from "../stand-in.js";

/** For answers that no API server gives, but proxies before it do. */

async function failureAt(
  url: string,
  { signal = new AbortController().signal, requestTimeoutMs = 5000 } = {},
): Promise<unknown> {
  const kube = openKube(transportTo(url), { signal, requestTimeoutMs });
  return kube.openPort({ namespace: "argocd", name: "redis" }, 6379).then(
    (stream) => {
      stream.destroy();
      expect.unreachable("it did not fail");
    },
    (error) => error,
  );
}

const doing = "Cannot connect to port 6379 of Pod redis in argocd:";

test.each<[string, (response: ServerResponse) => void, (url: string) => string]>([
  [
    "a proxy that does not know WebSockets",
    (response) => void response.end("{}"),
    (url) => `${url} answered with something else than a WebSocket: "HTTP 200"`,
  ],
  [
    "a login page",
    (response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<title>Sign in</title>"),
    (url) => `${url} answered with a web page "Sign in"`,
  ],
  [
    "an API server that is busy",
    (response) => void response.writeHead(503).end('{"kind":"Status","message":"busy"}'),
    (url) => `${url} answered 503: busy`,
  ],
  [
    "words that nobody has explained yet",
    (response) => void response.writeHead(400).end('{"kind":"Status","message":"container not running"}'),
    () => "container not running",
  ],
])("%s", async (_, answer, why) => {
  const { url } = await standIn((_request, response) => answer(response));
  const failure = await failureAt(url);
  expect(failure).toBeInstanceOf(UserError);
  expect((failure as UserError).message).toBe(`${doing} ${why(url)}`);
  expect((failure as UserError).hint).toBeDefined();
});

test("another subprotocol than was asked for", async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => "v5.channel.k8s.io" });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await failureAt(url)).toMatchObject({
    message: `${doing} ${url} answered with something else than a WebSocket: "Server sent an invalid subprotocol"`,
  });
});

test("messages that come together with the answer are not lost", async () => {
  const messages = [Buffer.of(0, 0xeb, 0x18), Buffer.from("\0+PONG")];
  const server = createServer();
  server.on("upgrade", ({ headers }, socket) => {
    const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
    const accept = createHash("sha1").update(`${headers["sec-websocket-key"]}${guid}`).digest("base64");
    const head = [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      `Sec-WebSocket-Protocol: ${headers["sec-websocket-protocol"]}`,
    ];
    const frames = messages.map((message) => Buffer.concat([Buffer.of(0x82, message.length), message]));
    socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), ...frames]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kube = openKube(transportTo(url), { signal: new AbortController().signal });
  const stream = await kube.openPort({ namespace: "argocd", name: "redis" }, 6379);
  onTestFinished(() => void stream.destroy());
  expect(String(await new Promise((resolve) => stream.once("data", resolve)))).toBe("+PONG");
});

test("nobody listens", async () => {
  expect(await failureAt("http://127.0.0.1:1")).toMatchObject({
    message: `${doing} http://127.0.0.1:1 refused the connection`,
  });
});

test("the connection is closed at once", async () => {
  const port = await rawServer((socket) => socket.destroy());
  expect(await failureAt(`http://127.0.0.1:${port}`)).toMatchObject({
    message: `${doing} http://127.0.0.1:${port} closed the connection without an answer`,
  });
});

test("no answer, within the time of a request", async () => {
  const port = await rawServer(() => {});
  expect(await failureAt(`http://127.0.0.1:${port}`, { requestTimeoutMs: 100 })).toMatchObject({
    message: `${doing} http://127.0.0.1:${port} did not answer in full within 0.1s`,
  });
});

test("no answer, until the command ends", async () => {
  const port = await rawServer(() => {});
  const stop = new AbortController();
  const reason = new Error("interrupted");
  setTimeout(() => stop.abort(reason), 50);
  expect(await failureAt(`http://127.0.0.1:${port}`, { signal: stop.signal })).toBe(reason);
});

test("an address in IPv6 form", async () => {
  expect(await failureAt("http://[::1]:1")).toMatchObject({
    message: expect.stringMatching(/\[::1\]:1 (refused the connection|cannot be reached)/),
  });
});
