import { describe, expect, onTestFinished } from "vitest";
import { CustomResourceDefinition, Deployment } from "../../src/kube/kinds.js";
import type { Kube } from "../../src/kube/kube.js";
import type { Kind } from "../../src/kube/object.js";
import { NotReadyError, type WaitOptions, type WaitTarget, waitUntilReady } from "../../src/kube/wait.js";
import { runner } from "../builders/kube.js";
import { clusterTest, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { openCrd } from "../cluster/crds.js";
import { kubeFor } from "./kube-for.js";
import { startRelay } from "./relay.js";
import { soon } from "./watch/listen.js";

const target = (namespace: string, name: string): WaitTarget => ({ kind: Deployment, namespace, name });

function deployment(namespace: string, name: string, status = {}) {
  return { ...runner(`${namespace}/${name}`, [{ name: "web", image: "web" }]), status };
}

/** What the Deployment controller writes in the end. */
const ready = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  availableReplicas: 1,
  readyReplicas: 1,
  conditions: [
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    { type: "Available", status: "True" },
  ],
};
const starting = { observedGeneration: 1, replicas: 1, updatedReplicas: 1 };

/** A wait that has begun: what it told so far, a line for each change, and how it ends. */
function waiting(kube: Pick<Kube, "watch">, targets: WaitTarget[], options: Partial<WaitOptions> = {}) {
  const told: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const done = waitUntilReady(kube, targets, {
    timeoutMs: 30_000,
    signal: stop.signal,
    onProgress: (missing) =>
      told.push(missing.map(({ target: { name }, message }) => `${name}: ${message}`).join("; ")),
    ...options,
  });
  // heard of by the test that awaits it
  done.catch(() => {});
  return { done, told, stop };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error,
  );

describe("until all are Current", () => {
  clusterTest("those that are already, and those that become so", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-ready");
    await cluster.apply(deployment(namespace, "a", ready));
    await cluster.apply(deployment(namespace, "b"));
    const { done, told } = waiting(kubeFor(cluster), [target(namespace, "a"), target(namespace, "b")]);
    await soon(() => told.at(-1)).toBe("b: 0 of 1 replicas created");
    await cluster.apply(deployment(namespace, "b", starting));
    await soon(() => told.at(-1)).toBe("b: 0 of 1 replicas available");
    await cluster.apply(deployment(namespace, "b", ready));
    await done;
    expect(told.at(-1)).toBe("");
  });

  clusterTest("one that comes only now", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-late");
    const { done, told } = waiting(kubeFor(cluster), [target(namespace, "late")]);
    await soon(() => told).toEqual(["late: it does not exist"]);
    await cluster.apply(deployment(namespace, "late", ready));
    await done;
  });

  clusterTest("at the same time: one that is deleted meanwhile counts no longer", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-deleted");
    await cluster.apply(deployment(namespace, "a", ready));
    const { done, told } = waiting(kubeFor(cluster), [target(namespace, "a"), target(namespace, "b")]);
    await soon(() => told.at(-1)).toBe("b: it does not exist");
    await cluster.delete("apps/v1", "Deployment", "a", namespace);
    await soon(() => told.at(-1)).toBe("a: it does not exist; b: it does not exist");
    await cluster.apply(deployment(namespace, "b", ready));
    await soon(() => told.at(-1)).toBe("a: it does not exist");
    await cluster.apply(deployment(namespace, "a", ready));
    await done;
  });

  clusterTest("of none there is nothing to wait for", ({ cluster }) => waiting(kubeFor(cluster), []).done);

  clusterTest("many of a kind are read together, few by name", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-many");
    const names = Array.from({ length: 12 }, (_, index) => `web-${index}`);
    await cluster.applyAll([...names, "other"].map((name) => deployment(namespace, name, ready)));
    const listsFor = async (wanted: string[]) => {
      const trace: string[] = [];
      const kube = kubeFor(cluster, { trace: (line) => trace.push(line) });
      await waiting(
        kube,
        wanted.map((name) => target(namespace, name)),
      ).done;
      return trace.filter((line) => line.includes("limit="));
    };
    expect(await listsFor(names)).toHaveLength(1);
    const few = await listsFor(names.slice(0, 3));
    expect(few).toHaveLength(3);
    for (const list of few) expect(list).toContain("fieldSelector=metadata.name");
  });

  clusterTest("as somebody else judges: until it is gone", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-gone");
    await cluster.apply(deployment(namespace, "old", ready));
    const { done, told } = waiting(kubeFor(cluster), [target(namespace, "old")], {
      judge: (object) => ({ status: object ? "InProgress" : "Current", message: "it is still there" }),
    });
    await soon(() => told).toEqual(["old: it is still there"]);
    await cluster.delete("apps/v1", "Deployment", "old", namespace);
    await done;
  });
});

describe("giving up", () => {
  clusterTest("at the deadline each is named with its last condition", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-deadline");
    await cluster.applyAll([
      deployment(namespace, "a", ready),
      deployment(namespace, "b", starting),
      deployment(namespace, "c", {
        conditions: [
          { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out" },
        ],
      }),
    ]);
    const targets = ["a", "b", "c", "d"].map((name) => target(namespace, name));
    const failure = await failureOf(waiting(kubeFor(cluster), targets, { timeoutMs: 700 }).done);
    expect(failure).toBeInstanceOf(NotReadyError);
    expect(failure).toMatchObject({
      message:
        "Cannot wait any longer: Deployment b in wait-deadline is InProgress: 0 of 1 replicas available; " +
        "Deployment c in wait-deadline is Failed: timed out; " +
        "Deployment d in wait-deadline is NotFound: it does not exist",
      hint: "See what keeps it: kubectl describe deployments.apps b -n wait-deadline",
      exitCode: 3,
      missing: targets.slice(1).map((one) => ({ target: one })),
    });
  });

  clusterTest("the deadline of the command is one, too; Ctrl-C is not", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-stopped");
    const reasons = [new DOMException("the time is over", "TimeoutError"), new Error("Interrupted")] as const;
    const [late, interrupted] = await Promise.all(
      reasons.map(async (reason) => {
        const { done, told, stop } = waiting(kubeFor(cluster), [target(namespace, "a")]);
        await soon(() => told).toHaveLength(1);
        stop.abort(reason);
        return failureOf(done);
      }),
    );
    expect(late).toMatchObject({
      message: "Cannot wait any longer: Deployment a in wait-stopped is NotFound: it does not exist",
      exitCode: 3,
    });
    expect(interrupted).toBe(reasons[1]);

    const before = waiting(kubeFor(cluster), [target(namespace, "a")], {
      signal: AbortSignal.abort(reasons[1]),
    });
    expect(await failureOf(before.done)).toBe(reasons[1]);
  });

  clusterTest("at once when it is hopeless", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-hopeless");
    await cluster.apply(deployment(namespace, "a", starting));
    const { done, told } = waiting(kubeFor(cluster), [target(namespace, "a"), target(namespace, "b")], {
      hopelessBecause: (object) =>
        object && object.metadata.annotations?.["image"] === "wrong" ? "exec format error" : undefined,
    });
    await soon(() => told.at(-1)).toContain("b: it does not exist");
    const { metadata, ...rest } = deployment(namespace, "a");
    await cluster.apply({ ...rest, metadata: { ...metadata, annotations: { image: "wrong" } } });
    expect(await failureOf(done)).toMatchObject({
      message: "Deployment a in wait-hopeless cannot become ready: exec format error",
      exitCode: 1,
      missing: [{ target: target(namespace, "a") }],
    });
  });

  clusterTest("at once without the right to look", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("wait-rights");
    const { done } = waiting(kubeFor(cluster, { user: "alice" }), [target(namespace, "a")]);
    expect(await failureOf(done)).toMatchObject({
      message: expect.stringMatching(/^Cannot watch Deployments in wait-rights: .* cannot list /),
      hint: expect.stringMatching(/can-i list deployments\.apps -n wait-rights$/),
    });
  });
});

describe("a network that fails", () => {
  async function overRelay(cluster: TestCluster, namespace: string, timeoutMs = 30_000) {
    await cluster.createNamespace(namespace);
    await cluster.apply(deployment(namespace, "a", starting));
    const relay = await startRelay(cluster);
    const kube = kubeFor(cluster, { server: relay.server });
    const wait = waiting(kube, [target(namespace, "a")], { timeoutMs });
    await soon(() => wait.told).toEqual(["a: 0 of 1 replicas available"]);
    return { relay, ...wait };
  }

  clusterTest("is waited for; what happened meanwhile counts", async ({ cluster }) => {
    const { relay, done, told } = await overRelay(cluster, "wait-network");
    relay.cut("and refuse");
    await soon(() => told.length).toBeGreaterThan(1);
    await cluster.apply(deployment("wait-network", "a", ready));
    await relay.mend();
    await done;
  });

  clusterTest("to the end is named", async ({ cluster }) => {
    const { relay, done } = await overRelay(cluster, "wait-network-down", 2000);
    relay.cut("and refuse");
    expect(await failureOf(done)).toMatchObject({
      message: `Cannot wait any longer: Deployment a in wait-network-down is InProgress: 0 of 1 replicas available (out of date: Cannot watch Deployments in wait-network-down: ${relay.server} refused the connection)`,
      exitCode: 3,
    });
  });
});

const ownTest = ownClusterTest();

ownTest("a CRD until it is established, and an object of its kind", async ({ cluster }) => {
  const of = { group: "wait.example", kind: "Lamp", plural: "lamps" };
  const Lamp: Kind = of;
  const crd = openCrd({ ...of, versions: ["v1"], statusSubresource: true });
  const { done, told } = waiting(kubeFor(cluster), [
    { kind: CustomResourceDefinition, name: crd.metadata.name },
    { kind: Lamp, namespace: "default", name: "a" },
  ]);
  await soon(() => told.at(-1)).toContain("lamps.wait.example: it does not exist");
  await cluster.installCrds([crd]);
  await cluster.apply({
    apiVersion: "wait.example/v1",
    kind: "Lamp",
    metadata: { namespace: "default", name: "a" },
  });
  await done;
});
