import { get } from "node:https";
import { createInterface } from "node:readline";
import type { Application } from "../../src/argo/application.js";
import type { TestCluster } from "../../test/cluster/test-cluster.js";

const path = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";

/** The Applications of Argo CD's namespace as a client sees them that watches. */
export class WatchedApplications {
  readonly #known = new Map<string, Application>();
  readonly #waiting = new Map<string, (application: Application) => void>();
  readonly #stop = new AbortController();

  static async start(cluster: TestCluster): Promise<WatchedApplications> {
    const watched = new WatchedApplications();
    const { body } = await cluster.request("GET", path);
    const { items, metadata } = body as { items: Application[]; metadata: { resourceVersion: string } };
    for (const item of items) watched.#known.set(item.metadata.name, item);
    const { server, authority, tokens } = cluster.connection;
    const { signal } = watched.#stop;
    const request = get(`${server}${path}?watch=1&resourceVersion=${metadata.resourceVersion}`, {
      ca: authority.cert,
      headers: { authorization: `Bearer ${tokens.admin}` },
      signal,
    });
    const onError = (error: Error) => {
      if (!signal.aborted) throw error;
    };
    request.on("error", onError);
    request.once("response", (response) => {
      const lines = createInterface(response);
      lines.on("line", (line) => watched.#take(JSON.parse(line)));
      // whoever reads lines is told what ends the response, too
      lines.on("error", onError);
    });
    return watched;
  }

  /** Resolves with the time (of `performance.now()`) when an Application was seen to be as wanted. */
  until(name: string, isWanted: (application: Application) => boolean): Promise<number> {
    return new Promise((resolve) => {
      const look = (application: Application) => {
        if (!isWanted(application)) return;
        this.#waiting.delete(name);
        resolve(performance.now());
      };
      this.#waiting.set(name, look);
      const known = this.#known.get(name);
      if (known) look(known);
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  #take({ object }: { object: Application }): void {
    this.#known.set(object.metadata.name, object);
    this.#waiting.get(object.metadata.name)?.(object);
  }
}
