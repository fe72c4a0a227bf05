import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { createAuthority, issueCertificate } from "../../cluster/certificates.js";
import type { TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";

/** What a pod does on a port: it is handed the bytes that come in, and says what goes out. */
export type OnBytes = (bytes: Buffer, pod: PodSide) => void;

export interface PodSide {
  say(bytes: string | Buffer): void;
  fail(text: string): void;
  /** as a program does that has ended */
  end(): void;
  /** as a node does that has gone */
  cut(): void;
  socket: WebSocket;
}

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
  const sockets = new WebSocketServer({ server, handleProtocols: () => "v4.channel.k8s.io" });
  const asked: string[] = [];
  sockets.on("connection", (socket, request) => {
    asked.push(request.url ?? "");
    const port = Buffer.alloc(2);
    port.writeUInt16LE(Number(new URL(request.url ?? "", "https://kubelet").searchParams.get("port")));
    const send = (channel: number, bytes: string | Buffer) =>
      socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(bytes)]));
    const pod: PodSide = {
      say: (bytes) => send(0, bytes),
      fail: (text) => send(1, text),
      end: () => socket.close(1000),
      cut: () => socket.terminate(),
      socket,
    };
    socket.on("message", (message: Buffer) => onBytes(message.subarray(1), pod));
    for (const channel of [0, 1]) send(channel, port);
    onConnect(pod);
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
