import { closeSync, constants, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority, issueCertificate } from "../../cluster/certificates.js";
import { acceptForwards, type PodSide } from "../../kube/port-forward/accept-forwards.js";
import { addNode, nodeName } from "../kubernetes.js";
import { type EndpointSlice, hostsFor } from "./hosts.js";
import type { PodConnection } from "./network-policy.js";
import type { Pod } from "./pod.js";
import { type NodeParts, RunningPod } from "./running-pod.js";

/**
 * A stand-in for the kubelet of the one node: for each Pod on it whose images it knows, it runs the real programs as the Pod
 * says, each in namespaces of its own, and writes the Pod's status. No image is pulled, no limit of a resource kept to, no
 * policy of the network enforced.
 */
export class Kubelet {
  readonly #node: NodeParts;
  readonly #pods = new Map<string, RunningPod>();
  /** uids of what is being ended */
  readonly #leaving = new Set<string>();
  readonly #hosts = new Map<string, string>();
  readonly #server = createServer(
    issueCertificate(createAuthority(), { commonName: nodeName, hosts: ["127.0.0.1"] }),
  );
  #slices: EndpointSlice[] = [];
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(node: Omit<NodeParts, "hostsFile">) {
    this.#node = { ...node, hostsFile: (namespace) => this.#hostsFile(namespace) };
  }

  /** Resolves when the Node is there and takes Pods. */
  async start(): Promise<void> {
    mkdirSync(this.#node.folder, { recursive: true });
    acceptForwards(this.#server, (pod, url) => this.#forward(pod, url));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    await addNode(this.#node.cluster, nodeStatus((this.#server.address() as AddressInfo).port));
    this.#looking = this.#look();
  }

  /** Ends all pods at once, without a farewell. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#looking;
    await Promise.all([...this.#pods.values()].map((pod) => pod.stop(0)));
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * Brings the volumes of all pods up to date, which a kubelet does by itself: tokens when four fifths of their life are over, ConfigMaps
   * and Secrets within minutes.
   */
  async renewVolumes(): Promise<void> {
    await Promise.all([...this.#pods.values()].map((pod) => pod.renewVolumes()));
  }

  /** Which of its pods are connected to which, at this moment. */
  connections(): PodConnection[] {
    const all = [...this.#pods.values()];
    const byAddress = new Map(all.map(({ address, pod }) => [address, pod]));
    return all.flatMap((one) =>
      one.connectedTo().flatMap(({ address, port }) => {
        const to = byAddress.get(address);
        return to ? [{ from: one.pod, to, port }] : [];
      }),
    );
  }

  /** @param url "/portForward/NAMESPACE/POD?port=PORT" */
  #forward(side: PodSide, url: string): (bytes: Buffer) => void {
    const { pathname, searchParams } = new URL(url, "https://kubelet");
    const [, , namespace, name] = pathname.split("/");
    const target = [...this.#pods.values()].find(
      ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name === name,
    );
    const socket = connect({ host: target?.address ?? "", port: Number(searchParams.get("port")) });
    socket.on("data", side.say);
    socket.once("error", ({ message }) => side.fail(message));
    socket.once("close", side.end);
    side.socket.once("close", () => socket.destroy());
    return (bytes) => socket.write(bytes);
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      // without the API server everything goes on as it is
      await this.#lookOnce().catch((error) => process.stderr.write(`⚠ kubelet: ${error}\n`));
      await sleep(200);
    }
  }

  async #lookOnce(): Promise<void> {
    const { cluster } = this.#node;
    const pods = (await cluster.list<Pod>("v1", "Pod")).filter(({ spec }) => spec.nodeName === nodeName);
    for (const pod of pods) {
      const { uid, deletionTimestamp } = pod.metadata;
      if (deletionTimestamp) this.#end(pod);
      else if (this.#pods.has(uid)) this.#pods.get(uid)?.tell();
      else this.#begin(pod);
    }
    const there = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const [uid, { pod }] of this.#pods) if (!there.has(uid)) this.#end(pod);
    this.#slices = await cluster.list<EndpointSlice>("discovery.k8s.io/v1", "EndpointSlice");
    for (const namespace of this.#hosts.keys()) this.#writeHosts(namespace);
  }

  #begin(pod: Pod): void {
    const running = new RunningPod(pod, this.#node);
    this.#pods.set(pod.metadata.uid, running);
    running.run().catch((error) => {
      process.stderr.write(`⚠ Pod ${pod.metadata.namespace}/${pod.metadata.name}: ${error}\n`);
    });
  }

  /** Once; then the Pod's object goes, for which the API server has waited. */
  #end(pod: Pod): void {
    const { uid, namespace, name, deletionGracePeriodSeconds = 0 } = pod.metadata;
    if (this.#leaving.has(uid)) return;
    this.#leaving.add(uid);
    const leave = async () => {
      await this.#pods.get(uid)?.stop(deletionGracePeriodSeconds);
      const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
      await this.#node.cluster.request("DELETE", path, { gracePeriodSeconds: 0, preconditions: { uid } });
      this.#pods.delete(uid);
    };
    // what the API server was not told is ended once more
    void leave()
      .catch(() => {})
      .finally(() => this.#leaving.delete(uid));
  }

  #hostsFile(namespace: string): string {
    const file = join(this.#node.folder, `hosts-${namespace}`);
    this.#hosts.set(namespace, file);
    this.#writeHosts(namespace);
    return file;
  }

  /** Written over in place: it is mounted as it is. */
  #writeHosts(namespace: string): void {
    const text = Buffer.from(hostsFor(namespace, this.#slices));
    const file = openSync(this.#hosts.get(namespace) ?? "", constants.O_RDWR | constants.O_CREAT);
    writeSync(file, text, 0, text.length, 0);
    ftruncateSync(file, text.length);
    closeSync(file);
  }
}

/** A ready machine with room for everything. Its kubelet is asked at this port for a way into its pods. */
function nodeStatus(port: number): object {
  const room = { cpu: "64", memory: "256Gi", pods: "500" };
  return {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    capacity: room,
    allocatable: room,
    conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }],
    nodeInfo: { architecture: "amd64", operatingSystem: "linux" },
  };
}
