import { createServer, type Server } from "node:http";
import { isIPv6 } from "node:net";
import { bugError, systemReason, UserError } from "../../errors.js";

export interface Health {
  ok: boolean;
  /** why not, or how it is: a line */
  text: string;
}

export interface Endpoints {
  /** whether it does what it is for */
  health(): Health;
  /** whether it can still get there by itself, without being started anew */
  life(): Health;
  /** Prometheus' text */
  metrics(): Promise<string>;
  /** told when one of these fails, which they should not; the same one once */
  failed(bug: UserError): void;
}

export interface Listening {
  /** "127.0.0.1:8080" */
  address: string;
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, `/livez` and `/metrics` over plain HTTP.
 *
 * @param listen ":8080", "127.0.0.1:8080", "[::1]:0"
 * @throws UserError when nobody can listen there
 */
export async function serve(
  listen: { host: string | undefined; port: number },
  endpoints: Endpoints,
): Promise<Listening> {
  let told = "";
  const server = createServer(async ({ method, url = "" }, response) => {
    const [path = ""] = url.split("?");
    const { status, headers, text } = await answerTo(method, path, endpoints).catch((error: unknown) => {
      const bug = bugError(`serve ${path}`, error);
      if (bug.message !== told) endpoints.failed(bug);
      told = bug.message;
      return plain(500, "This is a bug of flamingo that its log tells of");
    });
    response.writeHead(status, headers).end(text);
  });
  await begin(server, listen);
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new TypeError("a server without a port");
  const host = isIPv6(bound.address) ? `[${bound.address}]` : bound.address;
  return {
    address: `${host}:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  text?: string;
}

async function answerTo(method: string | undefined, path: string, endpoints: Endpoints): Promise<HttpAnswer> {
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { Allow: "GET" } };
  switch (path) {
    case "/healthz":
    case "/livez": {
      const { ok, text } = path === "/livez" ? endpoints.life() : endpoints.health();
      return plain(ok ? 200 : 503, text);
    }
    case "/metrics": {
      const text = await endpoints.metrics();
      return { status: 200, headers: { "Content-Type": "text/plain; version=0.0.4" }, text };
    }
    default:
      return plain(404, "There are /healthz, /livez and /metrics");
  }
}

function plain(status: number, line: string): HttpAnswer {
  return { status, headers: { "Content-Type": "text/plain" }, text: `${line}\n` };
}

function begin(server: Server, { host, port }: { host: string | undefined; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = systemReason(error, {
        EADDRINUSE: "somebody listens there already",
        EACCES: "you have no right to listen there",
        EADDRNOTAVAIL: "this machine does not have that address",
      });
      reject(
        new UserError(`Cannot listen on ${host ?? ""}:${port}: ${reason}`, {
          hint: "Choose another --listen, or port 0 for a free one",
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => resolve());
  });
}

/** "HOST:PORT", ":PORT" or "PORT"; undefined for what is none of them. */
export function parseListen(text: string): { host: string | undefined; port: number } | undefined {
  const match = /^(?:(\[[0-9a-fA-F:]+\]|[\w.-]*):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) return undefined;
  return { host: match[1]?.replace(/^\[|\]$/g, "") || undefined, port };
}
