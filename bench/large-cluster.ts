import type { TestObject } from "../test/cluster/crds.js";
import { argoCrds } from "../test/cluster/crds.js";
import { fluxMinor } from "../test/cluster/flux-crds.js";
import { startCluster } from "../test/cluster/start.js";
import { TestCluster } from "../test/cluster/test-cluster.js";
import {
  application,
  gitRepository,
  gitRepositoryStatus,
  kustomization,
  kustomizationStatus,
  teamNames,
} from "./objects.js";

/** An API server that holds the CRDs of Flux and Argo CD, the teams' namespaces and 500 GitRepositories. */
export class LargeCluster extends TestCluster {
  #kustomizations = 0;

  static async start(): Promise<LargeCluster & { stop(): Promise<void> }> {
    const { connection, stop } = await startCluster();
    const cluster = new LargeCluster(connection);
    await cluster.installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    await Promise.all([...teamNames(), "argocd"].map((name) => cluster.createNamespace(name)));
    await cluster.#createAll("gitrepositories", 0, 500, gitRepository, gitRepositoryStatus);
    return Object.assign(cluster, { stop });
  }

  /** Creates as many as are missing. */
  async haveKustomizations(count: number): Promise<void> {
    await this.#createAll("kustomizations", this.#kustomizations, count, kustomization, kustomizationStatus);
    this.#kustomizations = count;
  }

  /** Those of the first Kustomizations, which are created, too. */
  async haveApplications(count: number): Promise<void> {
    await this.haveKustomizations(count);
    await this.#createAll("applications", 0, count, application);
  }

  /** As their controllers do: spec and status by themselves, so that both are in the managed fields. */
  async #createAll(
    plural: string,
    from: number,
    to: number,
    objectAt: (index: number) => TestObject,
    statusAt?: (index: number) => unknown,
  ): Promise<void> {
    let next = from;
    const work = async () => {
      while (next < to) {
        const index = next++;
        const object = objectAt(index);
        const path = `/apis/${object.apiVersion}/namespaces/${object.metadata.namespace}/${plural}`;
        await this.#write("POST", `${path}?fieldManager=kustomize-controller`, object);
        if (!statusAt) continue;
        const status = { status: statusAt(index) };
        await this.#write("PATCH", `${path}/${object.metadata.name}/status?fieldManager=gotk`, status);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
  }

  async #write(method: "POST" | "PATCH", path: string, body: unknown): Promise<void> {
    const type = method === "POST" ? "application/json" : "application/merge-patch+json";
    const answer = await this.request(method, path, body, { "content-type": type });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  }
}
