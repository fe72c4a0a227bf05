import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type HttpServer, serve } from "./http-server.js";

/**
 * Serves the files in `folder` over HTTP, for reading. That is all that a chart repository is, and below `/v2` a registry that
 * one pulls from (OCI's distribution spec), when its files lie as in `registry.ts`.
 */
export function startArtifactServer(folder: string): Promise<HttpServer> {
  return serve(async ({ method, url = "" }, response) => {
    const { pathname } = new URL(url, "http://127.0.0.1");
    const content = pathname === "/v2/" ? Buffer.from("{}") : await contentOf(join(folder, pathname));
    if (!content) return void response.writeHead(404).end();
    response.setHeader("content-type", typeOf(pathname, content));
    response.setHeader("content-length", content.length);
    response.setHeader("docker-content-digest", digestOf(content));
    response.end(method === "HEAD" ? undefined : content);
  });
}

/** "sha256:…" */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  return await readFile(path).catch(() => undefined);
}

/** A manifest says itself what it is. */
function typeOf(path: string, content: Buffer): string {
  if (path.includes("/manifests/")) return JSON.parse(content.toString()).mediaType;
  return path.endsWith("/tags/list") ? "application/json" : "application/octet-stream";
}
