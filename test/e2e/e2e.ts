import { setTimeout as sleep } from "node:timers/promises";
import { inject, type TestAPI, test } from "vitest";
import type { KubeObject } from "../../src/kube/object.js";
import { requestAnnotation } from "../../src/names.js";
import type { TestObject } from "../cluster/crds.js";
import { TestCluster } from "../cluster/test-cluster.js";
import { type Ended, spawnProgram } from "../spawn.js";
import { Argocd } from "./argocd.js";
import { type Write, writesSince } from "./audit.js";
import { ChartRepository } from "./chart-repository.js";
import type { RigConnection } from "./connection.js";
import { askControl, type ControlAction } from "./control.js";
import { type FluxEvent, fluxEventsOf } from "./flux-events.js";
import { Repository } from "./git.js";
import { type ArgocdVersion, argocdVersions } from "./programs.js";
import { type Reply, redisCommand } from "./redis-client.js";
import { Registry } from "./registry.js";
import { rigOfWorker } from "./rig-of-worker.js";
import { startOver } from "./start-over.js";
import { logLengths, troubleSince } from "./trouble.js";

/** The programs of the rig that a test can stop and start, by the names that they have elsewhere, too. */
export type ProgramName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kwok"
  | "source-controller"
  | "kustomize-controller"
  | "helm-controller"
  | "redis"
  | "argocd-repo-server"
  | "argocd-application-controller"
  | "argocd-applicationset-controller"
  | "argocd-notifications-controller"
  | "argocd-server"
  | "argocd-server-2.14"
  | "argocd-server-2.8";

/** The rig as a test uses it. The files of a worker share one: work in namespaces and repositories named after the test. */
export class Rig {
  /** the API server, as administrator; here things do become ready by themselves */
  readonly cluster: TestCluster;
  readonly redis: RedisHandle;
  readonly registry: Registry;
  readonly #isRetry: boolean;
  readonly #connection: RigConnection;

  /** @param isRetry what an earlier try of this test has left is in the way */
  constructor(connection: RigConnection, isRetry: boolean) {
    this.#isRetry = isRetry;
    this.#connection = connection;
    this.cluster = new TestCluster(connection.cluster);
    this.redis = new RedisHandle(connection, this.cluster);
    this.registry = new Registry(connection.published);
  }

  /** A namespace with nothing in it. @param name of its own for each test */
  async createNamespace(name: string): Promise<string> {
    if (this.#isRetry) await startOver(this.cluster, name);
    return this.cluster.createNamespace(name);
  }

  /** An empty Git repository of this name. @param login "USER:PASSWORD", without which nobody reads it */
  repository(name: string, login?: string): Promise<Repository> {
    return Repository.create(this.#connection.git, name, login);
  }

  /** An empty repository of charts of this name. */
  charts(name: string): Promise<ChartRepository> {
    return ChartRepository.create(this.#connection.published, name);
  }

  /** The Argo CD that runs as a whole, or the server of an older one, which shows the same Applications. */
  argocd(version: ArgocdVersion = argocdVersions[0]): Argocd {
    return new Argocd(this.#connection.argocd[version]);
  }

  /** What Argo CD's application-controller serves to Prometheus. */
  async metrics(): Promise<string> {
    return (await fetch(this.#connection.metricsUrl)).text();
  }

  /** Each resolves when it is done; start and restart, when the program is ready. What is stopped is started after the test. */
  program(name: ProgramName): Record<ControlAction, () => Promise<void>> {
    const ask = (action: ControlAction) => async () => {
      await askControl(this.#connection.controlUrl, "POST", `/${action}/${name}`);
    };
    return { start: ask("start"), stop: ask("stop"), restart: ask("restart") };
  }

  /** What the API server was asked to write since then, and has written. */
  writesSince(since: Date): Promise<Write[]> {
    return writesSince(this.#connection.auditLog, since);
  }

  /** What Flux's controllers sent of one object, as to notification-controller. */
  fluxEventsOf(about: FluxEvent["involvedObject"]): FluxEvent[] {
    return fluxEventsOf(this.#connection.fluxEvents, about);
  }

  /** Runs kubectl as administrator. */
  kubectl(...args: string[]): Promise<Ended> {
    return this.startKubectl(...args).ended;
  }

  /** Starts a kubectl that goes on, such as `port-forward`; it ends with the test. */
  startKubectl(...args: string[]): ReturnType<typeof spawnProgram> {
    return spawnProgram(this.#connection.kubectl, [...args, `--kubeconfig=${this.cluster.kubeconfig()}`]);
  }

  /** Has Flux look at a source or workload now, as `flux reconcile` does. */
  async reconcile(object: KubeObject): Promise<void> {
    const annotations = { [requestAnnotation.reconcile]: new Date().toISOString() };
    await this.cluster.change(object, { metadata: { annotations } });
  }

  /**
   * Waits until an object of Flux is Ready in its present generation, and nothing of it under way. Answers it as it then is.
   *
   * @throws Error with the status seen last
   */
  async untilReady(
    { apiVersion, kind, metadata: { name, namespace } }: KubeObject,
    timeoutMs = 60_000,
  ): Promise<TestObject> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const object = await this.cluster.get(apiVersion, kind, name, namespace);
      if (isReady(object)) return object;
      if (Date.now() > deadline) {
        const seen = JSON.stringify(object["status"] ?? "no status");
        throw new Error(
          `${kind} ${namespace}/${name} is not Ready after ${timeoutMs / 1000}s. Its status: ${seen}`,
        );
      }
      await sleep(100);
    }
  }
}

interface Status {
  observedGeneration?: number;
  conditions?: { type: string; status: string }[];
}

/** helm-controller sets Ready a moment before it is done: then it is still Reconciling, its history not yet written. */
function isReady(object: TestObject): boolean {
  const { observedGeneration, conditions = [] } = (object["status"] ?? {}) as Status;
  const { generation } = object.metadata as { generation?: number };
  const isTrue = (type: string) => conditions.some((c) => c.type === type && c.status === "True");
  return observedGeneration === generation && isTrue("Ready") && !isTrue("Reconciling");
}

/** The redis of Argo CD. */
export class RedisHandle {
  /** "127.0.0.1:PORT" */
  readonly address: string;
  readonly #connection: RigConnection;
  readonly #cluster: TestCluster;

  constructor(connection: RigConnection, cluster: TestCluster) {
    this.address = `127.0.0.1:${connection.redis.port}`;
    this.#connection = connection;
    this.#cluster = cluster;
  }

  /** As the Secret `argocd-redis` has it now. */
  async password(): Promise<string> {
    const { data } = (await this.#cluster.get("v1", "Secret", "argocd-redis", "argocd")) as TestObject & {
      data: { auth: string };
    };
    return Buffer.from(data.auth, "base64").toString();
  }

  /** @example await redis.command("GET", "app|resources-tree|podinfo|1.8.3.gz") // a Buffer or null */
  async command(...words: [string, ...(string | Buffer)[]]): Promise<Reply> {
    return await redisCommand({ port: this.#connection.redis.port, password: await this.password() }, words);
  }

  /** It forgets everything. */
  async restart(): Promise<void> {
    await askControl(this.#connection.controlUrl, "POST", "/restart/redis");
  }

  /** A new password in redis and in the Secret; everybody is logged out, Argo CD is started anew with it. */
  async changePassword(): Promise<void> {
    await askControl(this.#connection.controlUrl, "POST", "/change-redis-password");
  }
}

/**
 * A test that is handed the `rig`, and skipped when there is none. When it fails, what the programs complained about
 * meanwhile is printed. Programs that do not run any more are started before the next test.
 *
 * @example e2eTest("a Kustomization becomes Ready", async ({ rig }) => { await rig.cluster.load(yaml) })
 */
export const e2eTest: TestAPI<{ rig: Rig }> = test.extend<{ rig: Rig }>({
  rig: async ({ skip, onTestFailed, task }, use) => {
    const connection = (await rigOfWorker()) ?? skip(inject("noRig"));
    const { controlUrl, logs } = connection;
    const before = logLengths(logs);
    onTestFailed(async () => {
      const trouble = troubleSince(before, logs, await askControl(controlUrl, "GET", "/states"));
      // of what is tried again, nobody else says why
      const failure = task.result?.errors?.at(-1)?.message ?? "it failed";
      process.stderr.write(`\nDuring "${task.name}": ${failure}\n${trouble || "no program complained"}\n`);
    });
    await use(new Rig(connection, (task.result?.retryCount ?? 0) > 0));
    for (const [name, state] of Object.entries(await askControl(controlUrl, "GET", "/states"))) {
      if (state === "ended") process.stderr.write(`⚠ ${name} ended by itself during "${task.name}"\n`);
      if (state !== "running") await askControl(controlUrl, "POST", `/start/${name}`);
    }
  },
});
