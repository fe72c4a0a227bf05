import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { type HttpServer, serve } from "./http-server.js";

/** The file in a bare repository that makes it private: "USER:PASSWORD", by which it is read. */
export const loginFile = "login";

/** Serves bare repositories in `folder` over HTTP, NAME at "/NAME.git", for reading: `git http-backend` as a CGI program. */
export function startGitServer(folder: string): Promise<HttpServer> {
  const backend = join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");
  return serve((request, response) => {
    if (mayRead(folder, request)) answer(backend, folder, request, response);
    else response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
  });
}

function mayRead(folder: string, { url = "", headers }: IncomingMessage): boolean {
  const file = join(folder, url.split("/")[1] ?? "", loginFile);
  if (!existsSync(file)) return true;
  return headers.authorization === `Basic ${readFileSync(file).toString("base64")}`;
}

function answer(backend: string, folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1");
  const program = spawn(backend, {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  program.once("error", () => response.writeHead(500).end());
  program.stdin.on("error", () => {}); // it may end before it has read all
  request.pipe(program.stdin);

  let head: Buffer | undefined = Buffer.alloc(0);
  program.stdout.on("data", (chunk: Buffer) => {
    if (!head) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    writeHead(head.toString("latin1", 0, end), response);
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  program.stdout.once("end", () => response.end());
}

/** Header lines of CGI: the status is one among them. */
function writeHead(text: string, response: ServerResponse): void {
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
