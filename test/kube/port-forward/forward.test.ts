import { PassThrough } from "node:stream";
import { describe, expect } from "vitest";
import { UserError } from "../../../src/errors.js";
import { StatusError } from "../../../src/kube/failure.js";
import type { PodRef } from "../../../src/kube/kube.js";
import { forwardToService, type ServiceAddress } from "../../../src/kube/port-forward/forward.js";
import { clusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { kubeFor } from "../kube-for.js";

const service = (namespace: string, spec: object): TestObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { namespace, name: "redis" },
  spec,
});

const pod = (namespace: string, name: string, isReady = true, portName = "redis"): TestObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace, name, labels: { app: "redis" } },
  spec: { containers: [{ name: "redis", image: "redis", ports: [{ name: portName, containerPort: 6380 }] }] },
  status: {
    phase: isReady ? "Running" : "Pending",
    conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
  },
});

const byName = { selector: { app: "redis" }, ports: [{ name: "tcp", port: 6379, targetPort: "redis" }] };

/** A forward that notes which pods it asks; what `open` throws for one is that pod's failure. */
function forwardIn(
  cluster: TestCluster,
  address: Partial<ServiceAddress> & { namespace: string },
  user?: "alice",
) {
  const asked: string[] = [];
  const failures = new Map<string, Error>();
  const streams: PassThrough[] = [];
  const kube = {
    ...kubeFor(cluster, user ? { user } : {}),
    async openPort({ name }: PodRef, port: number) {
      asked.push(`${name}:${port}`);
      const failure = failures.get(name);
      if (failure) throw failure;
      const stream = new PassThrough();
      stream.on("error", () => {});
      streams.push(stream);
      return stream;
    },
  };
  const forward = forwardToService(kube, { service: "redis", port: 6379, ...address });
  return { asked, failures, streams, connect: () => forward.connect() };
}

const failedWith = (status: number) => new UserError("no", { cause: new StatusError(status, {}) });

describe("a Service with Ready pods", () => {
  clusterTest("leads to the target port of one, by number and by name", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("forward-ports");
    await cluster.applyAll([
      service(namespace, byName),
      pod(namespace, "redis-a", false),
      pod(namespace, "redis-b"),
    ]);
    const { asked, connect } = forwardIn(cluster, { namespace });
    await connect();
    await forwardIn(cluster, { namespace, port: "tcp" }).connect();
    expect(asked).toEqual(["redis-b:6380"]);
  });

  clusterTest("stays with a pod, and takes another when that is gone", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("forward-gone");
    await cluster.applyAll([
      service(namespace, byName),
      pod(namespace, "redis-b"),
      pod(namespace, "redis-c"),
    ]);
    const { asked, failures, connect } = forwardIn(cluster, { namespace });
    failures.set("redis-b", failedWith(404));
    await connect();
    failures.clear();
    await connect();
    expect(asked).toEqual(["redis-b:6380", "redis-c:6380", "redis-c:6380"]);
    await cluster.request("DELETE", `/api/v1/namespaces/${namespace}/pods/redis-c?gracePeriodSeconds=0`);
    await connect();
    expect(asked.slice(3)).toEqual(["redis-b:6380"]);
  });

  clusterTest("avoids the one whose connection failed", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("forward-failed");
    await cluster.applyAll([
      service(namespace, byName),
      pod(namespace, "redis-b"),
      pod(namespace, "redis-c"),
    ]);
    const { asked, streams, connect } = forwardIn(cluster, { namespace });
    await connect();
    streams[0]?.destroy(new Error("refused"));
    await new Promise((resolve) => setImmediate(resolve));
    await connect();
    expect(asked).toEqual(["redis-b:6380", "redis-c:6380"]);
  });

  clusterTest(
    "none of which can be reached: the last failure; but not each without rights",
    async ({ cluster }) => {
      const namespace = await cluster.createNamespace("forward-none");
      await cluster.applyAll([
        service(namespace, byName),
        pod(namespace, "redis-b"),
        pod(namespace, "redis-c"),
      ]);
      const { asked, failures, connect } = forwardIn(cluster, { namespace });
      const [first, last] = [failedWith(500), failedWith(500)];
      failures.set("redis-b", first).set("redis-c", last);
      await expect(connect()).rejects.toBe(last);
      expect(asked).toHaveLength(2);
      failures.set("redis-b", failedWith(403));
      await expect(connect()).rejects.toBe(failures.get("redis-b"));
      expect(asked).toHaveLength(3);
    },
  );
});

describe("where a Running pod will do", () => {
  clusterTest("a Ready one is taken before it, and it is told else", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("forward-running");
    const running = (name: string) => {
      const status = { phase: "Running", conditions: [{ type: "Ready", status: "False" }] };
      return { ...pod(namespace, name), status };
    };
    await cluster.applyAll([service(namespace, byName), pod(namespace, "a", false), running("b")]);
    const asked: string[] = [];
    const kube = {
      ...kubeFor(cluster),
      async openPort({ name }: PodRef) {
        asked.push(name);
        return new PassThrough();
      },
    };
    const told: string[] = [];
    const forward = forwardToService(
      kube,
      { namespace, service: "redis", port: 6379 },
      { onUnready: ({ pod: { name }, unready }) => told.push(`${name} is ${unready}`) },
    );
    await forward.connect();
    expect({ asked, told }).toEqual({ asked: ["b"], told: ["b is Running, not Ready"] });
    await cluster.apply(pod(namespace, "c"));
    expect(await forward.aim()).toEqual({ pod: { namespace, name: "c" }, port: 6380, unready: undefined });
    await forward.connect();
    expect({ asked, told }).toEqual({ asked: ["b", "c"], told: ["b is Running, not Ready"] });
  });
});

describe("a Service that leads nowhere", () => {
  const cases: [string, string, (namespace: string) => TestObject[], Partial<ServiceAddress>, object][] = [
    [
      "is not there",
      "missing",
      () => [],
      {},
      {
        message: "Cannot connect to port 6379 of Service redis in forward-missing: there is no such Service",
        hint: "See which there are: kubectl get services -n forward-missing",
        exitCode: 5,
      },
    ],
    [
      "has other ports",
      "port",
      (namespace) => [service(namespace, byName)],
      { port: 443 },
      {
        message:
          "Cannot connect to port 443 of Service redis in forward-port: it has no such TCP port, but 6379 (tcp)",
        hint: "Name one of its ports",
      },
    ],
    [
      "has no selector",
      "selector",
      (namespace) => [service(namespace, { ports: [{ port: 6379 }] })],
      {},
      { message: "Cannot connect to port 6379 of Service redis in forward-selector: it selects no pods" },
    ],
    [
      "has no pods",
      "empty",
      (namespace) => [service(namespace, byName)],
      {},
      {
        message:
          "Cannot connect to port 6379 of Service redis in forward-empty: no pod has its labels (app=redis)",
        hint: "Look at them: kubectl get pods -n forward-empty -l app=redis",
      },
    ],
    [
      "has no Ready pods",
      "unready",
      (namespace) => [
        service(namespace, byName),
        ...["a", "b", "c", "d", "e", "f", "g"].map((name) => pod(namespace, name, false)),
      ],
      {},
      {
        message:
          "Cannot connect to port 6379 of Service redis in forward-unready: none of its pods is Ready: a is Pending; b is Pending; c is Pending; d is Pending; e is Pending; 2 more are not either",
      },
    ],
    [
      "names a port that no pod has",
      "name",
      (namespace) => [service(namespace, byName), pod(namespace, "a", true, "other")],
      {},
      {
        message:
          "Cannot connect to port 6379 of Service redis in forward-name: no container of its pods has a TCP port named redis",
        hint: "Look at both: kubectl describe -n forward-name service/redis pod/a",
      },
    ],
  ];
  for (const [what, name, objects, address, expected] of cases) {
    clusterTest(what, async ({ cluster }) => {
      const namespace = await cluster.createNamespace(`forward-${name}`);
      await cluster.applyAll(objects(namespace));
      await expect(forwardIn(cluster, { namespace, ...address }).connect()).rejects.toMatchObject(expected);
    });
  }

  clusterTest("may not be read", async ({ cluster }) => {
    await expect(forwardIn(cluster, { namespace: "default" }, "alice").connect()).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Cannot read Service redis in default: .* cannot get resource "services"/,
      ),
    });
  });
});
