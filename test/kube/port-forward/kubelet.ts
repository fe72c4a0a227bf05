import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createAuthority, issueCertificate } from "../../cluster/certificates.js";
import type { TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { acceptForwards, type PodSide } from "./accept-forwards.js";

/** What a pod does on a port: it is handed the bytes that come in, and says what goes out. */
export type OnBytes = (bytes: Buffer, pod: PodSide) => void;

export interface Kubelet {
  /** "/portForward/NAMESPACE/POD?port=PORT" of each connection */
  readonly asked: string[];
  /** how many connections there are at this moment */
  readonly connections: number;
}

/**
 * A node `name` of the test cluster, whose kubelet knows nothing but port-forward by `v4.channel.k8s.io`. Pods are put on it by
 * `spec.nodeName`. Gone when the test is over, but for the Node object.
 */
export async function startKubelet(
  cluster: TestCluster,
  name: string,
  { onConnect = () => {}, onBytes = () => {} }: { onConnect?: (pod: PodSide) => void; onBytes?: OnBytes },
): Promise<Kubelet> {
  const certificate = issueCertificate(createAuthority(), { commonName: name, hosts: ["127.0.0.1"] });
  const server = createServer(certificate);
  const asked: string[] = [];
  const sockets = acceptForwards(server, (pod, url) => {
    asked.push(url);
    onConnect(pod);
    return (bytes) => onBytes(bytes, pod);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  await cluster.apply(nodeAt(name, (server.address() as AddressInfo).port));
  return {
    asked,
    get connections() {
      return sockets.clients.size;
    },
  };
}

/** A Node whose kubelet listens, or does not, on this port of this machine. */
export function nodeAt(name: string, port: number): TestObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: {
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  };
}

export function podOn(nodeName: string | undefined, namespace: string, name: string): TestObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name },
    spec: { containers: [{ name: "a", image: "a" }], ...(nodeName ? { nodeName } : {}) },
  };
}
