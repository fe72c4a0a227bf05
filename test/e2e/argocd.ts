import { type Ended, spawnProgram } from "../spawn.js";
import type { ArgocdConnection } from "./connection.js";

/** What an argocd-server answered. */
export interface ArgocdAnswer {
  status: number;
  /** parsed where it is JSON, else the text */
  body: unknown;
}

/** One of the rig's Argo CD servers, as its users reach it; nobody has to log in. */
export class Argocd {
  /** "3.6.1" */
  readonly release: string;
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  readonly #cli: string;

  constructor({ release, url, cli }: ArgocdConnection) {
    this.release = release;
    this.url = url;
    this.#cli = cli;
  }

  /**
   * Any request of its REST API and whatever is answered, also an error status. `body` is sent as JSON.
   *
   * @throws DOMException (TimeoutError) when there is no answer in time: some questions wait for a controller
   * @example (await argocd.request("GET", "/api/v1/applications/podinfo/resource-tree")).body
   */
  async request(method: string, path: string, body?: unknown, timeoutMs = 30_000): Promise<ArgocdAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  /** Runs `argocd` of the same release against it. @example await argocd.cli("app", "get", "podinfo", "-o", "tree") */
  cli(...args: string[]): Promise<Ended> {
    const server = ["--server", new URL(this.url).host, "--plaintext", "--config", "/nonexistent"];
    return spawnProgram(this.#cli, [...args, ...server]).ended;
  }
}
