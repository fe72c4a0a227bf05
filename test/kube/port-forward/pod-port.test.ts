import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { describe, expect } from "vitest";
import { openTransport } from "../../../src/kube/access/open-transport.js";
import { openKube } from "../../../src/kube/cluster.js";
import { isForbidden, isMissing } from "../../../src/kube/failure.js";
import type { PodRef } from "../../../src/kube/kube.js";
import { forwardToService } from "../../../src/kube/port-forward/forward.js";
import { clusterTest, type TestCluster } from "../../cluster/cluster.js";
import { kubeconfigFor } from "../../cluster/kubeconfig.js";
import { folderWith } from "../../folder.js";
import { httpProxy } from "../access/tls-server.js";
import { kubeFor, transportFor } from "../kube-for.js";
import { startRelay } from "../relay.js";
import { soon } from "../watch/listen.js";
import type { PodSide } from "./accept-forwards.js";
import { nodeAt, podOn, startKubelet } from "./kubelet.js";

/** All through the real API server; the kubelet is a stand-in. */

async function bytesOf(stream: Duplex, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= count) break;
  }
  return Buffer.concat(chunks);
}

const endOf = (stream: Duplex) =>
  new Promise<Error | "end">((resolve) => {
    stream.on("error", resolve).on("close", () => resolve("end"));
    stream.resume();
  });

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );
}

/** A pod on a node of its own, in a namespace of the same name. */
async function podWith(
  cluster: TestCluster,
  name: string,
  does: Parameters<typeof startKubelet>[2],
): Promise<{ pod: PodRef; kubelet: Awaited<ReturnType<typeof startKubelet>> }> {
  const namespace = await cluster.createNamespace(name);
  const kubelet = await startKubelet(cluster, name, does);
  await cluster.apply(podOn(name, namespace, "redis"));
  return { pod: { namespace, name: "redis" }, kubelet };
}

const echo = { onBytes: (bytes: Buffer, pod: PodSide) => pod.say(bytes) };

describe("a connection", () => {
  clusterTest("carries bytes both ways, many of them too", async ({ cluster }) => {
    const { pod, kubelet } = await podWith(cluster, "pod-port-echo", echo);
    const stream = await kubeFor(cluster).openPort(pod, 6379);
    stream.write("PING");
    expect(String(await bytesOf(stream, 4))).toBe("PING");
    const much = randomBytes(3_000_000);
    stream.write(much);
    expect((await bytesOf(stream, much.length)).equals(much)).toBe(true);
    expect(kubelet.asked).toEqual(["/portForward/pod-port-echo/redis?port=6379"]);
    stream.destroy();
    await soon(() => kubelet.connections).toBe(0);
  });

  clusterTest("begins with what the pod says, however early that is", async ({ cluster }) => {
    const onConnect = (pod: PodSide) => pod.say("SSH-2.0-x\n");
    const { pod } = await podWith(cluster, "pod-port-early", { onConnect });
    const kube = kubeFor(cluster);
    for (let count = 0; count < 5; count++) {
      const stream = await kube.openPort(pod, 22);
      expect(String(await bytesOf(stream, 10))).toBe("SSH-2.0-x\n");
      stream.destroy();
    }
  });

  clusterTest("several at once, of several ports", async ({ cluster }) => {
    const { pod, kubelet } = await podWith(cluster, "pod-port-many", echo);
    const kube = kubeFor(cluster);
    const ports = Array.from({ length: 20 }, (_, index) => 7000 + index);
    const said = await Promise.all(
      ports.map(async (port) => {
        const stream = await kube.openPort(pod, port);
        stream.write(`to ${port}`);
        const answer = String(await bytesOf(stream, 7));
        stream.destroy();
        return answer;
      }),
    );
    expect(said).toEqual(ports.map((port) => `to ${port}`));
    expect(kubelet.asked).toHaveLength(20);
  });

  clusterTest("makes a pod wait that says more than anybody reads", async ({ cluster }) => {
    let sent = 0;
    const onConnect = ({ say, socket }: PodSide) => {
      const more = setInterval(() => {
        while (sent < 2000 && socket.bufferedAmount < 1_000_000) {
          say(Buffer.alloc(65_536));
          sent++;
        }
        if (sent === 2000) clearInterval(more);
      }, 1);
      socket.on("close", () => clearInterval(more));
    };
    const { pod } = await podWith(cluster, "pod-port-slow", { onConnect });
    const stream = await kubeFor(cluster).openPort(pod, 80);
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // what the sockets in between hold, of 131 MB
    expect(sent).toBeLessThan(1000);
    expect((await bytesOf(stream, 2000 * 65_536)).length).toBe(2000 * 65_536);
    stream.destroy();
  });

  clusterTest("ends when the program in the pod ends", async ({ cluster }) => {
    const onBytes = (_: Buffer, pod: PodSide) => {
      pod.say("bye");
      pod.end();
    };
    const { pod } = await podWith(cluster, "pod-port-end", { onBytes });
    const stream = await kubeFor(cluster).openPort(pod, 80);
    stream.end("QUIT");
    let heard = "";
    for await (const chunk of stream) heard += chunk;
    expect(heard).toBe("bye");
  });

  clusterTest("ends with the command", async ({ cluster }) => {
    const { pod, kubelet } = await podWith(cluster, "pod-port-stop", echo);
    const stop = new AbortController();
    const stream = await kubeFor(cluster, { signal: stop.signal }).openPort(pod, 80);
    const end = endOf(stream);
    stop.abort(new Error("interrupted"));
    expect(await end).toBe("end");
    await soon(() => kubelet.connections).toBe(0);
  });

  clusterTest("that breaks off is a failure, wherever that is", async ({ cluster }) => {
    const { pod } = await podWith(cluster, "pod-port-cut", { onBytes: (_, side) => side.cut() });
    const atTheNode = await kubeFor(cluster).openPort(pod, 80);
    atTheNode.write("x");
    expect(await endOf(atTheNode)).toMatchObject({ name: "DroppedConnectionError" });
    const relay = await startRelay(cluster);
    const onTheWay = await kubeFor(cluster, { server: relay.server }).openPort(pod, 80);
    relay.cut();
    expect(await endOf(onTheWay)).toMatchObject({ name: "DroppedConnectionError" });
  });

  clusterTest("that nobody in the pod takes is a failure that says so", async ({ cluster }) => {
    const refused =
      'error forwarding port 6379 to pod 5b, uid : failed to execute portforward in network namespace "/var/run/netns/cni-1": failed to connect to localhost:6379 inside namespace "5b", IPv4: dial tcp4 127.0.0.1:6379: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found ';
    const says = [refused, "error forwarding port 6379 to pod 5b:\n no such container\n"];
    const onConnect = (side: PodSide) => {
      side.fail(says.shift() ?? "");
      side.end();
    };
    const { pod } = await podWith(cluster, "pod-port-refused", { onConnect });
    for (const why of [
      "nothing listens there in the pod (connection refused)",
      "error forwarding port 6379 to pod 5b: no such container",
    ]) {
      expect(await endOf(await kubeFor(cluster).openPort(pod, 6379))).toMatchObject({
        message: `Cannot connect to port 6379 of Pod redis in pod-port-refused: ${why}`,
        hint: "Look at what runs in it: kubectl logs -n pod-port-refused redis --all-containers",
      });
    }
  });

  clusterTest("renews credentials that are refused", async ({ cluster }) => {
    const { pod } = await podWith(cluster, "pod-port-renew", echo);
    let token = "expired";
    const transport = transportFor(cluster, {
      headers: async () => ({ Authorization: `Bearer ${token}` }),
      renew: () => {
        token = cluster.connection.tokens.admin;
        return true;
      },
    });
    const kube = openKube(transport, { signal: new AbortController().signal });
    (await kube.openPort(pod, 80)).destroy();
  });

  clusterTest("takes the proxy of the kubeconfig", async ({ cluster }) => {
    const { pod } = await podWith(cluster, "pod-port-proxy", echo);
    const proxy = await httpProxy();
    const config = kubeconfigFor(cluster.connection);
    for (const { cluster: one } of config.clusters) {
      Object.assign(one, { "proxy-url": `http://127.0.0.1:${proxy.port}` });
    }
    const folder = folderWith({ config: JSON.stringify(config) });
    const transport = await openTransport(
      { kubeconfig: join(folder, "config") },
      { env: {}, signal: new AbortController().signal, cwd: "/", stdin: {}, now: () => new Date() },
    );
    const kube = openKube(transport, { signal: new AbortController().signal });
    const stream = await kube.openPort(pod, 80);
    stream.write("PING");
    expect(String(await bytesOf(stream, 4))).toBe("PING");
    expect(proxy.seen).toEqual([`CONNECT ${cluster.server.replace("https://", "")}`]);
    stream.destroy();
    transport.close();
  });
});

describe("a connection that does not begin", () => {
  clusterTest("to a pod that is on no node", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("pod-port-node");
    await cluster.apply(podOn(undefined, namespace, "a"));
    expect(await failureOf(kubeFor(cluster).openPort({ namespace, name: "a" }, 6379))).toMatchObject({
      message: "Cannot connect to port 6379 of Pod a in pod-port-node: the pod is on no node yet",
      hint: "See what it waits for: kubectl describe pod -n pod-port-node a",
    });
  });

  clusterTest("to a pod that is gone", async ({ cluster }) => {
    const failure = await failureOf(kubeFor(cluster).openPort({ namespace: "default", name: "gone" }, 6379));
    expect(failure.message).toBe('Cannot connect to port 6379 of Pod gone in default: pods "gone" not found');
    expect(isMissing(failure)).toBe(true);
  });

  clusterTest("to a node that does not answer", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("pod-port-kubelet");
    await cluster.apply(nodeAt("pod-port-kubelet", 1));
    await cluster.apply(podOn("pod-port-kubelet", namespace, "a"));
    expect(await failureOf(kubeFor(cluster).openPort({ namespace, name: "a" }, 6379))).toMatchObject({
      message:
        "Cannot connect to port 6379 of Pod a in pod-port-kubelet: the API server cannot reach the pod's node (dial tcp 127.0.0.1:1: connect: connection refused)",
      hint: "Look at the node: kubectl get pod -n pod-port-kubelet a -o wide",
    });
  });

  clusterTest("without either of the two rights that it takes", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("pod-port-rights");
    await cluster.apply(podOn(undefined, namespace, "a"));
    const ask = () => failureOf(kubeFor(cluster, { user: "alice" }).openPort({ namespace, name: "a" }, 6379));
    const canI = (verb: string) =>
      expect.stringContaining(
        `to check it: kubectl auth can-i ${verb} pods --subresource=portforward -n pod-port-rights`,
      );
    const withNone = await ask();
    expect(withNone).toMatchObject({
      message: expect.stringMatching(
        /^Cannot connect to .*User "alice" cannot get resource "pods\/portforward"/,
      ),
      hint: canI("get"),
    });
    expect(isForbidden(withNone)).toBe(true);
    const rule = { apiGroups: [""], resources: ["pods/portforward"], verbs: ["get"] };
    await cluster.grant("alice", rule, namespace);
    const withOne = await ask();
    expect(withOne).toMatchObject({
      message:
        "Cannot connect to port 6379 of Pod a in pod-port-rights: that takes the right to create pods/portforward, too (403)",
      hint: canI("create"),
    });
    expect(isForbidden(withOne)).toBe(true);
    await cluster.grant("alice", { ...rule, verbs: ["create"] }, namespace);
    expect((await ask()).message).toMatch(/: the pod is on no node yet$/);
  });
});

clusterTest("a Service leads to its pod", async ({ cluster }) => {
  const { pod } = await podWith(cluster, "pod-port-service", echo);
  const { namespace } = pod;
  await cluster.applyAll([
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace, name: "argocd-redis" },
      spec: { selector: { app: "redis" }, ports: [{ port: 6379 }] },
    },
    {
      ...podOn("pod-port-service", namespace, "redis"),
      metadata: { namespace, name: "redis", labels: { app: "redis" } },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    },
  ]);
  const address = { namespace, service: "argocd-redis", port: 6379 };
  const stream = await forwardToService(kubeFor(cluster), address).connect();
  stream.write("PING");
  expect(String(await bytesOf(stream, 4))).toBe("PING");
  stream.destroy();
});
