import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished } from "vitest";
import { openTransport } from "../../../src/kube/access/open-transport.js";
import { openKube } from "../../../src/kube/cluster.js";
import { ConfigMap, Namespace, Secret } from "../../../src/kube/kinds.js";
import type { WatchEvent, WatchOptions } from "../../../src/kube/kube.js";
import type { Kind, KubeObject } from "../../../src/kube/object.js";
import { clusterTest, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { openCrd, type TestObject } from "../../cluster/crds.js";
import { kubeFor, transportFor } from "../kube-for.js";
import { startRelay } from "../relay.js";
import { listenTo, soon } from "./listen.js";

const configMap = (namespace: string, name: string, more: Partial<ConfigMap> = {}): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  ...more,
  metadata: { namespace, name, ...more.metadata },
});

/** Requests so far, by what they were for. */
function requestsIn(trace: string[]) {
  const count = (part: string) => trace.filter((line) => line.includes(part)).length;
  return { lists: count("limit="), watches: count("watch=true") };
}

/** Listens to what `options` choose, over a network that can fail. */
async function listenOverRelay<T extends KubeObject>(
  cluster: TestCluster,
  kind: Kind<T>,
  options: WatchOptions,
  user?: "alice",
) {
  const relay = await startRelay(cluster);
  const trace: string[] = [];
  const kube = kubeFor(cluster, {
    server: relay.server,
    trace: (line) => trace.push(line),
    ...(user ? { user } : {}),
  });
  return { relay, trace, kube, ...listenTo((signal) => kube.watch(kind, { ...options, signal })) };
}

describe("what is told", () => {
  clusterTest("all there are, then what happens to them", async ({ cluster }) => {
    const [namespace, other] = [
      await cluster.createNamespace("watch-all"),
      await cluster.createNamespace("watch-all-other"),
    ];
    await cluster.applyAll([configMap(namespace, "a"), configMap(other, "a")]);
    const { lines, objects } = listenTo((signal) => kubeFor(cluster).watch(ConfigMap, { namespace, signal }));
    await soon(() => lines).toEqual(["set watch-all/a", "synced"]);
    await cluster.apply(configMap(namespace, "b", { data: { color: "red" } }));
    await cluster.apply(configMap(namespace, "b", { data: { color: "blue" } }));
    await cluster.apply(configMap(other, "b"));
    await cluster.delete("v1", "ConfigMap", "a", namespace);
    await soon(() => lines.slice(2)).toEqual(["set watch-all/b", "set watch-all/b", "gone watch-all/a"]);
    expect(objects.get("watch-all/b")).toMatchObject({
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { color: "blue" },
    });
  });

  clusterTest("nothing at all is told, too", async ({ cluster }) => {
    const { lines } = listenTo((signal) =>
      kubeFor(cluster).watch(ConfigMap, { namespace: "watch-nowhere", signal }),
    );
    await soon(() => lines).toEqual(["synced"]);
  });

  clusterTest("what fits a selector no more is gone", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-labels");
    const labelled = (name: string, team: string) =>
      cluster.apply(configMap(namespace, name, { metadata: { name, namespace, labels: { team } } }));
    await labelled("a", "x");
    await labelled("b", "y");
    const { lines } = listenTo((signal) =>
      kubeFor(cluster).watch(ConfigMap, { namespace, labels: "team=x", signal }),
    );
    await soon(() => lines).toEqual(["set watch-labels/a", "synced"]);
    await labelled("a", "y");
    await labelled("b", "x");
    await soon(() => lines.slice(2)).toEqual(["gone watch-labels/a", "set watch-labels/b"]);
  });

  clusterTest("objects of one name; of no namespace", async ({ cluster }) => {
    const { lines } = listenTo((signal) => kubeFor(cluster).watch(Namespace, { name: "watch-one", signal }));
    await soon(() => lines).toEqual(["synced"]);
    await cluster.createNamespace("watch-two");
    await cluster.createNamespace("watch-one");
    await soon(() => lines.slice(1)).toContain("set watch-one");
    expect(lines).not.toContain("set watch-two");
  });

  clusterTest("metadata alone: no data of Secrets comes over the wire", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-metadata");
    const secret = (name: string) =>
      cluster.apply({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        stringData: { password: "hunter2" },
      } as KubeObject);
    await secret("listed");
    const { lines, objects } = listenTo((signal) =>
      kubeFor(cluster).watch(Secret, { namespace, metadataOnly: true, signal }),
    );
    await soon(() => lines).toHaveLength(2);
    await secret("watched");
    await soon(() => [...objects.keys()]).toEqual(["watch-metadata/listed", "watch-metadata/watched"]);
    for (const object of objects.values()) {
      expect(object).toMatchObject({ apiVersion: "v1", kind: "Secret" });
      expect(Object.keys(object).sort()).toEqual(["apiVersion", "kind", "metadata"]);
    }
  });

  clusterTest("a selector that nobody understands is a failure", async ({ cluster }) => {
    const { ended } = listenTo((signal) => kubeFor(cluster).watch(ConfigMap, { labels: "a in b", signal }));
    await expect(ended).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot watch ConfigMaps: the label selector is wrong: /),
      exitCode: 2,
    });
  });
});

describe("a network that fails", () => {
  clusterTest(
    "what happened while the connection was down is told; nothing is listed again",
    async ({ cluster }) => {
      const namespace = await cluster.createNamespace("watch-drop");
      await cluster.applyAll([configMap(namespace, "a"), configMap(namespace, "b")]);
      const { relay, trace, lines, forget } = await listenOverRelay(cluster, ConfigMap, { namespace });
      await soon(() => requestsIn(trace)).toEqual({ lists: 1, watches: 1 });
      forget();
      relay.cut("and refuse");
      await cluster.delete("v1", "ConfigMap", "a", namespace);
      await cluster.apply(configMap(namespace, "c"));
      await soon(() => lines).toEqual([
        `unavailable: Cannot watch ConfigMaps in watch-drop: ${relay.server} refused the connection`,
      ]);
      await relay.mend();
      await soon(() => lines.slice(1)).toEqual(["available", "gone watch-drop/a", "set watch-drop/c"]);
      expect(requestsIn(trace).lists).toBe(1);
    },
  );

  clusterTest("a connection that is cut is not worth a word", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-cut");
    const { relay, trace, lines } = await listenOverRelay(cluster, ConfigMap, { namespace });
    for (let cuts = 1; cuts <= 4; cuts++) {
      await soon(() => requestsIn(trace).watches).toBe(cuts);
      relay.cut();
    }
    await cluster.apply(configMap(namespace, "a"));
    await soon(() => lines).toEqual(["synced", "set watch-cut/a"]);
  });

  clusterTest("an API server that cannot be reached at first", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-late");
    const relay = await startRelay(cluster);
    relay.cut("and refuse");
    const kube = kubeFor(cluster, { server: relay.server });
    const { lines } = listenTo((signal) => kube.watch(ConfigMap, { namespace, signal }));
    await soon(() => lines).toEqual([
      `unavailable: Cannot watch ConfigMaps in watch-late: ${relay.server} refused the connection`,
    ]);
    await relay.mend();
    await soon(() => lines.slice(1)).toEqual(["synced", "available"]);
  });

  clusterTest("the limit of one request is none for a watch", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-limit");
    const trace: string[] = [];
    const kube = kubeFor(cluster, { requestTimeoutMs: 300, trace: (line) => trace.push(line) });
    const { lines } = listenTo((signal) => kube.watch(ConfigMap, { namespace, signal }));
    await soon(() => lines).toEqual(["synced"]);
    await sleep(600);
    await cluster.apply(configMap(namespace, "a"));
    await soon(() => lines).toEqual(["synced", "set watch-limit/a"]);
    expect(requestsIn(trace).watches).toBe(1);
  });

  clusterTest("many watches leave connections to others", async ({ cluster }) => {
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const transport = await openTransport(
      { kubeconfig: cluster.kubeconfig() },
      { env: {}, signal: stop.signal, cwd: "/", stdin: {}, now: () => new Date() },
    );
    const trace: string[] = [];
    const kube = openKube(transport, { signal: stop.signal, trace: (line) => trace.push(line) });
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on("warning", onWarning);
    const { signal } = stop;
    const all = Array.from({ length: 40 }, () =>
      listenTo(() => kube.watch(ConfigMap, { namespace: "watch-many", signal })),
    );
    await soon(() => requestsIn(trace)).toEqual({ lists: 40, watches: 40 });
    expect(await kube.find(ConfigMap, { namespace: "watch-many", name: "a" })).toBeUndefined();
    stop.abort();
    await Promise.all(all.map(({ ended }) => ended));
    transport.close();
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });
});

describe("rights and credentials", () => {
  const rule = { apiGroups: [""], resources: ["configmaps"], verbs: ["list", "watch"] };

  clusterTest("rights that are taken away, and given back", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-rights");
    await cluster.applyAll([configMap(namespace, "a"), configMap(namespace, "b")]);
    await cluster.grant("alice", rule, namespace);
    const { relay, trace, lines, forget } = await listenOverRelay(cluster, ConfigMap, { namespace }, "alice");
    await soon(() => requestsIn(trace).watches).toBe(1);
    forget();
    const api = "rbac.authorization.k8s.io/v1";
    for (const { metadata } of await cluster.list(api, "RoleBinding", namespace)) {
      await cluster.delete(api, "RoleBinding", metadata.name, namespace);
    }
    await cluster.untilAllowed("alice", { verb: "watch", resource: "configmaps", namespace }, false);
    relay.cut();
    await soon(() => lines).toEqual([
      'unavailable: Cannot watch ConfigMaps in watch-rights: configmaps is forbidden: User "alice" cannot watch resource "configmaps" in API group "" in the namespace "watch-rights"',
    ]);
    await cluster.delete("v1", "ConfigMap", "a", namespace);
    await cluster.grant("alice", rule, namespace);
    await soon(() => lines.slice(1)).toEqual(["available", "gone watch-rights/a"]);
  });

  clusterTest("no right from the start names the list, and how to check it", async ({ cluster }) => {
    const kube = kubeFor(cluster, { user: "bob" });
    const events: WatchEvent<KubeObject>[] = [];
    for await (const event of kube.watch(ConfigMap)) {
      events.push(event);
      break;
    }
    expect(events).toMatchObject([
      {
        type: "unavailable",
        error: {
          message:
            'Cannot watch ConfigMaps: configmaps is forbidden: User "bob" cannot list resource "configmaps" in API group "" at the cluster scope',
          hint: expect.stringMatching(/can-i list configmaps --all-namespaces$/),
        },
      },
    ]);
  });

  clusterTest("credentials that expire are renewed", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-renew");
    const relay = await startRelay(cluster);
    let token = cluster.connection.tokens.admin;
    let renewals = 0;
    const transport = transportFor(cluster, {
      server: relay.server,
      headers: async () => ({ Authorization: `Bearer ${token}` }),
      renew: () => {
        renewals++;
        token = cluster.connection.tokens.admin;
        return true;
      },
    });
    const trace: string[] = [];
    const kube = openKube(transport, {
      signal: new AbortController().signal,
      firstWaitMs: 1,
      trace: (line) => trace.push(line),
    });
    const { lines } = listenTo((signal) => kube.watch(ConfigMap, { namespace, signal }));
    await soon(() => requestsIn(trace).watches).toBe(1);
    token = "expired";
    relay.cut();
    await soon(() => requestsIn(trace).watches).toBe(3);
    await cluster.apply(configMap(namespace, "a"));
    await soon(() => lines).toEqual(["synced", "set watch-renew/a"]);
    expect(renewals).toBe(1);
  });
});

describe("a CRD that changes", () => {
  const ownTest = ownClusterTest();
  const kindOf = (kind: string): Kind => ({
    group: "watch.example",
    kind,
    plural: `${kind.toLowerCase()}s`,
  });
  const crdOf = (kind: Kind, ...versions: string[]) =>
    openCrd({ ...kind, versions, statusSubresource: false });
  const object = ({ kind }: Kind, name: string, version: string): TestObject => ({
    apiVersion: `watch.example/${version}`,
    kind,
    metadata: { name, namespace: "default" },
  });

  ownTest("what went while the API server forgot is told as gone", async ({ cluster }) => {
    const Lamp = kindOf("Lamp");
    await cluster.installCrds([crdOf(Lamp, "v1")]);
    await cluster.applyAll(["a", "b"].map((name) => object(Lamp, name, "v1")));
    const { relay, trace, lines, forget } = await listenOverRelay(cluster, Lamp, {});
    await soon(() => requestsIn(trace)).toEqual({ lists: 1, watches: 1 });
    relay.cut("and refuse");
    await cluster.delete("watch.example/v1", "Lamp", "a", "default");
    await cluster.apply(object(Lamp, "c", "v1"));
    // with its definition its history begins anew
    await cluster.installCrds([crdOf(Lamp, "v1", "v1beta1")]);
    await soon(() => lines.slice(3)).toEqual([expect.stringMatching(/^unavailable: .* refused the con/)]);
    forget();
    await relay.mend();
    await soon(() => lines.filter((line) => line !== "available")).toEqual([
      "set default/b",
      "set default/c",
      "gone default/a",
      "synced",
    ]);
    await soon(() => lines).toContain("available");
  });

  ownTest("one that is deleted, and made again in another version", async ({ cluster }) => {
    const Bulb = kindOf("Bulb");
    await cluster.installCrds([crdOf(Bulb, "v1beta1")]);
    await cluster.apply(object(Bulb, "a", "v1beta1"));
    const { lines, objects, forget } = listenTo((signal) => kubeFor(cluster).watch(Bulb, { signal }));
    await soon(() => lines).toEqual(["set default/a", "synced"]);
    forget();
    await cluster.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", "bulbs.watch.example");
    await soon(() => lines).toEqual([
      "gone default/a",
      `unavailable: Cannot watch Bulbs: ${cluster.server} does not serve bulbs.watch.example`,
    ]);
    forget();
    await cluster.installCrds([crdOf(Bulb, "v1", "v1beta1")]);
    await cluster.apply(object(Bulb, "b", "v1"));
    await soon(() => lines).toContain("available");
    await soon(() => objects.get("default/b")).toMatchObject({ apiVersion: "watch.example/v1" });
    expect(lines.filter((line) => line.startsWith("gone"))).toEqual([]);
  });

  ownTest("one that came after it was asked what is served", async ({ cluster }) => {
    const Gleam = kindOf("Gleam");
    const kube = kubeFor(cluster);
    expect(await kube.servedVersion(Gleam)).toBeUndefined();
    await cluster.installCrds([crdOf(Gleam, "v1")]);
    const { lines } = listenTo((signal) => kube.watch(Gleam, { signal }));
    await soon(() => lines).toEqual(["synced"]);
  });

  ownTest("one that comes later", async ({ cluster }) => {
    const Spark = kindOf("Spark");
    const { lines } = listenTo((signal) => kubeFor(cluster).watch(Spark, { signal }));
    await soon(() => lines).toEqual([
      `unavailable: Cannot watch Sparks: ${cluster.server} does not serve sparks.watch.example`,
    ]);
    await cluster.installCrds([crdOf(Spark, "v1")]);
    await soon(() => lines.slice(1)).toEqual(["synced", "available"]);
  });
});

describe("the end", () => {
  const stopped = async (work: Promise<void>) => {
    const start = performance.now();
    await work;
    expect(performance.now() - start).toBeLessThan(1000);
  };

  clusterTest("comes at once with its signal, and with that of the command", async ({ cluster }) => {
    for (const which of ["own", "command"] as const) {
      const relay = await startRelay(cluster);
      const signals = { own: new AbortController(), command: new AbortController() };
      const trace: string[] = [];
      const kube = kubeFor(cluster, {
        server: relay.server,
        signal: signals.command.signal,
        trace: (line) => trace.push(line),
      });
      const { lines, ended } = listenTo(() =>
        kube.watch(ConfigMap, { namespace: "watch-end", signal: signals.own.signal }),
      );
      await soon(() => requestsIn(trace).watches).toBe(1);
      expect(lines).toEqual(["synced"]);
      signals[which].abort();
      await stopped(ended);
    }
  });

  clusterTest("comes at once in a pause", async ({ cluster }) => {
    const relay = await startRelay(cluster);
    relay.cut("and refuse");
    const stop = new AbortController();
    const kube = kubeFor(cluster, { server: relay.server, firstWaitMs: 60_000 });
    const { lines, ended } = listenTo(() => kube.watch(ConfigMap, { signal: stop.signal }));
    await soon(() => lines).toHaveLength(1);
    stop.abort();
    await stopped(ended);
  });

  clusterTest("nothing is asked when it has come already", async ({ cluster }) => {
    const trace: string[] = [];
    const kube = kubeFor(cluster, { trace: (line) => trace.push(line) });
    const { ended } = listenTo(() => kube.watch(ConfigMap, { signal: AbortSignal.abort() }));
    await stopped(ended);
    expect(trace).toEqual([]);
  });

  clusterTest("who stops listening closes the connection", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("watch-break");
    const relay = await startRelay(cluster);
    for await (const event of kubeFor(cluster, { server: relay.server }).watch(ConfigMap, { namespace })) {
      if (event.type === "synced") await cluster.apply(configMap(namespace, "a"));
      if (event.type === "set") break;
    }
    // one is kept for other requests
    await soon(() => relay.connections).toBe(1);
  });
});
