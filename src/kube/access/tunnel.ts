import { request as overHttp, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import { isIP, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { hostOf } from "./proxy.js";
import { throughSocks } from "./socks.js";
import { withoutDoubles } from "./tls-settings.js";
import { type Destination, TunnelError } from "./tunnel-error.js";

/**
 * A socket to `destination` through an HTTP proxy (CONNECT) or a SOCKS5 proxy, which resolves the name too, as in Go.
 *
 * @param authorities trusted for an https proxy besides Node's roots
 * @throws TunnelError; the signal ends it at once
 */
export function openTunnel(
  proxy: URL,
  destination: Destination,
  { signal, authorities }: { signal: AbortSignal; authorities: () => string[] },
): Promise<Socket> {
  return proxy.protocol.startsWith("socks5")
    ? throughSocks(proxy, destination, signal)
    : throughHttp(proxy, destination, { signal, authorities });
}

function throughHttp(
  proxy: URL,
  { host, port }: Destination,
  { signal, authorities }: { signal: AbortSignal; authorities: () => string[] },
): Promise<Socket> {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const isSecure = proxy.protocol === "https:";
  const options: RequestOptions & { ca?: string[] } = {
    method: "CONNECT",
    host: hostOf(proxy),
    port: proxy.port || (isSecure ? 443 : 80),
    path: target,
    headers: { Host: target, ...authorization(proxy) },
    agent: false,
    signal,
    ...(isSecure ? { ca: withoutDoubles([...rootCertificates, ...authorities()]) } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (isSecure ? overHttps : overHttp)(options);
    request.on("connect", ({ statusCode, statusMessage }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        return reject(new TunnelError(`it answered ${statusCode} ${statusMessage}`));
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket as Socket);
    });
    request.on("response", ({ statusCode, statusMessage }) => {
      request.destroy();
      reject(new TunnelError(`it answered ${statusCode} ${statusMessage}`));
    });
    request.on("error", (error) => reject(new TunnelError(error.message, error)));
    request.end();
  });
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(plain).toString("base64")}` };
}
