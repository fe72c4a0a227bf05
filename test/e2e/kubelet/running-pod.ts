import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestCluster } from "../../cluster/test-cluster.js";
import { nodeName } from "../kubernetes.js";
import { connectedTo, type Remote } from "./connections.js";
import { type RunningContainer, startContainer } from "./container.js";
import { keepRunning, runOnce, type Surroundings } from "./container-life.js";
import { environmentOf } from "./environment.js";
import type { FindImage } from "./images.js";
import type { NodeNetwork, Sandbox } from "./network.js";
import type { Pod } from "./pod.js";
import { type ContainerState, podStatus, waitingContainer } from "./pod-status.js";
import { passes } from "./probe.js";
import { NotThereYet } from "./texts.js";
import { writeVolumes } from "./volumes.js";

/** What a node has for its pods. */
export interface NodeParts {
  cluster: TestCluster;
  network: NodeNetwork;
  findImage: FindImage;
  /** for the files of pods */
  folder: string;
  /** for what containers write: "NAMESPACE_POD_CONTAINER.log" */
  logs: string;
  /** the file that is /etc/hosts in the pods of a namespace */
  hostsFile(namespace: string): string;
}

/** The life of one Pod on the node, from its first container to its end, told in its status. */
export class RunningPod {
  readonly pod: Pod;
  /** undefined as long as it has none */
  address: string | undefined;
  readonly #node: NodeParts;
  readonly #folder: string;
  readonly #startedAt = new Date().toISOString();
  readonly #inits: ContainerState[];
  readonly #containers: ContainerState[];
  readonly #running = new Set<RunningContainer>();
  readonly #end = new AbortController();
  #sandbox: Sandbox | undefined;
  #told = "";
  #telling: Promise<unknown> = Promise.resolve();

  constructor(pod: Pod, node: NodeParts) {
    const { initContainers = [], containers } = pod.spec;
    this.pod = pod;
    this.#node = node;
    this.#folder = join(node.folder, pod.metadata.uid);
    this.#inits = initContainers.map(waitingContainer);
    this.#containers = containers.map(waitingContainer);
  }

  /** Resolves when it is stopped. A Pod of images whose programs are not here runs in name only, as with kwok. */
  async run(): Promise<void> {
    const { network, findImage } = this.#node;
    const images = [...this.#inits, ...this.#containers].map(({ container }) => findImage(container.image));
    if (images.includes(undefined)) return this.#runInName();
    this.#sandbox = await network.addPod();
    this.address = this.#sandbox.address;
    try {
      await this.#makeVolumes();
      for (const [index, init] of this.#inits.entries())
        await runOnce(init, this.#around(init, `init${index}`));
      await Promise.all(this.#containers.map((one) => keepRunning(one, this.#around(one, "main"))));
    } catch (error) {
      if (!this.#end.signal.aborted) throw error;
    }
  }

  /** Writes its volumes anew, for programs that run. */
  async renewVolumes(): Promise<void> {
    if (this.#running.size > 0) await this.#makeVolumes();
  }

  /** Ends its programs with a time for a farewell, as the kubelet does, and says nothing more of it. */
  async stop(graceSeconds: number): Promise<void> {
    this.#end.abort();
    await Promise.all([...this.#running].map((running) => running.stop(graceSeconds * 1000)));
    await this.#sandbox?.end();
    await this.#telling;
  }

  /** Writes the status, unless it is what was written last. */
  tell(): void {
    if (this.address === undefined || this.#end.signal.aborted) return;
    const status = podStatus(this.pod, this.#inits, this.#containers, this.#where, this.#startedAt);
    const text = JSON.stringify(status);
    if (text === this.#told) return;
    this.#told = text;
    const { namespace, name, uid } = this.pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
    const patch = `{"metadata":{"uid":"${uid}"},"status":${text}}`;
    const headers = { "content-type": "application/strategic-merge-patch+json" };
    this.#telling = this.#telling
      .then(() => this.#node.cluster.request("PATCH", path, patch, headers))
      .catch(() => {
        this.#told = ""; // and the next time, all of it
      });
  }

  /** To whom its programs are connected; one that runs in name only is to nobody. */
  connectedTo(): Remote[] {
    return this.#sandbox && !this.#end.signal.aborted ? connectedTo(this.#sandbox.pid) : [];
  }

  #runInName(): void {
    this.address = this.#node.network.newAddress();
    const at = { startedAt: this.#startedAt };
    const terminated = { ...at, finishedAt: this.#startedAt, exitCode: 0, reason: "Completed" };
    for (const init of this.#inits) Object.assign(init, { ready: true, state: { terminated } });
    for (const one of this.#containers) Object.assign(one, { ready: true, state: { running: at } });
    this.tell();
  }

  async #makeVolumes(): Promise<void> {
    for (;;) {
      try {
        return await writeVolumes(this.pod, this.#volumes, this.#where, this.#node.cluster);
      } catch (error) {
        if (!(error instanceof NotThereYet)) throw error;
        await sleep(500, undefined, { signal: this.#end.signal });
      }
    }
  }

  #around({ container }: ContainerState, role: string): Surroundings {
    const { cluster, findImage, logs, hostsFile } = this.#node;
    const { namespace, name } = this.pod.metadata;
    const folder = join(this.#folder, `${role}-${container.name}`);
    return {
      start: async () => {
        mkdirSync(folder, { recursive: true });
        const environment = await environmentOf(container, this.pod, this.#where, cluster);
        const image = findImage(container.image);
        if (!image || !this.#sandbox) throw new Error(`${container.image} is not here`);
        const running = startContainer(container, this.pod, image, environment, {
          folder,
          log: join(logs, `${namespace}_${name}_${container.name}.log`),
          sandbox: this.#sandbox.pid,
          volumes: this.#volumes,
          files: { "/etc/hosts": hostsFile(namespace) },
        });
        this.#running.add(running);
        void running.ended.then(() => this.#running.delete(running));
        if (this.#end.signal.aborted) await running.stop(0);
        return running;
      },
      passes: (probe, running) => passes(probe, container, this.address ?? "", running),
      changed: () => this.tell(),
      graceMs: (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000,
      signal: this.#end.signal,
    };
  }

  get #volumes(): string {
    return join(this.#folder, "volumes");
  }

  get #where() {
    return { nodeName, podIp: this.address ?? "", hostIp: this.#node.network.address };
  }
}
