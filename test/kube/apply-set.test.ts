import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { type ApplySetOptions, applySet, type SetResult, type ToApply } from "../../src/kube/apply-set.js";
import { ConfigMap } from "../../src/kube/kinds.js";
import type { Kube } from "../../src/kube/kube.js";
import type { KubeObject } from "../../src/kube/object.js";
import { clusterTest, ownClusterTest } from "../cluster/cluster.js";
import { openCrd, type TestObject } from "../cluster/crds.js";
import { kubeFor, proxyFor } from "./kube-for.js";
import { soon } from "./watch/listen.js";

const configMap = (namespace: string, name: string, data?: Record<string, string>): TestObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name },
  ...(data ? { data } : {}),
});

const namespaceOf = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** Of stages of objects: "a created", "b failed: Cannot …", one line a result. */
async function applied(
  kube: Kube,
  stages: (KubeObject | UserError)[][],
  options: Partial<ApplySetOptions> = {},
): Promise<string[]> {
  const items = stages.map((objects) =>
    objects.map((object) => (object instanceof UserError ? object : { object })),
  );
  const lines: string[] = [];
  for await (const result of applySet(kube, items, {
    fieldManager: "flamingo",
    signal: new AbortController().signal,
    ...options,
  })) {
    lines.push(lineOf(result));
  }
  return lines;
}

function lineOf(result: SetResult<ToApply>): string {
  const name = result.item instanceof UserError ? "-" : result.item.object.metadata.name;
  const why = result.outcome === "failed" ? `: ${result.error.message}` : "";
  return `${name} ${result.outcome}${why}`;
}

describe("each object ends as", () => {
  clusterTest(
    "created, configured, unchanged or failed, in the order of the objects",
    async ({ cluster }) => {
      const namespace = await cluster.createNamespace("apply-mixed");
      const kube = kubeFor(cluster);
      const objects = (color: string) => [
        configMap(namespace, "a", { color }),
        configMap("apply-nowhere", "b"),
        new UserError("Cannot make c: it is too large"),
        configMap(namespace, "d"),
      ];
      await cluster.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap(namespace, "d"));
      const nowhere =
        "b failed: Cannot apply ConfigMap b in apply-nowhere: the namespace apply-nowhere does not exist";
      const notMade = "- failed: Cannot make c: it is too large";
      expect(await applied(kube, [objects("red")])).toEqual(["a created", nowhere, notMade, "d unchanged"]);
      expect(await applied(kube, [objects("blue")])).toEqual([
        "a configured",
        nowhere,
        notMade,
        "d unchanged",
      ]);
      expect(await applied(kube, [objects("blue")])).toEqual([
        "a unchanged",
        nowhere,
        notMade,
        "d unchanged",
      ]);
      const { metadata, ...rest } = await cluster.get("v1", "ConfigMap", "a", namespace);
      expect(rest["data"]).toEqual({ color: "blue" });
      expect(metadata).toMatchObject({ managedFields: [{ manager: "flamingo", operation: "Apply" }] });
    },
  );

  clusterTest("what others write into the status is no change", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("apply-status");
    const kube = kubeFor(cluster);
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { namespace, name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    expect(await applied(kube, [[claim]])).toEqual(["data created"]);
    await cluster.change(claim, { metadata: { labels: { owner: "somebody" } } });
    await cluster.apply({ ...claim, status: { phase: "Bound" } });
    expect(await applied(kube, [[claim]])).toEqual(["data unchanged"]);
  });

  clusterTest("many of any kind, twice", async ({ cluster }) => {
    const name = "apply-many";
    const objects: KubeObject[] = Array.from({ length: 40 }, (_, index) => configMap(name, `c-${index}`));
    const meta = (more: string) => ({ namespace: name, name: more });
    objects.push(
      { apiVersion: "v1", kind: "ServiceAccount", metadata: meta("web") },
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: meta("web") },
      { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: meta("web") },
    );
    const stages = [[namespaceOf(name)], objects];
    const all = [name, ...objects.map(({ metadata }) => metadata.name)];
    const proxy = await proxyFor(cluster);
    const kube = kubeFor(cluster, { server: proxy.server });
    expect(await applied(kube, stages)).toEqual(all.map((one) => `${one} created`));
    expect(proxy.maxInFlight).toBeGreaterThan(4);
    // GET and PATCH of each, and once /api and /apis
    expect(proxy.requests).toHaveLength(2 * all.length + 2);
    expect(await applied(kube, stages)).toEqual(all.map((one) => `${one} unchanged`));
  });

  clusterTest("what the caller knows is not asked", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("apply-known");
    const proxy = await proxyFor(cluster);
    const kube = kubeFor(cluster, { server: proxy.server });
    const toApply = (name: string, color?: string) => ({
      object: configMap(namespace, name, { color: "red" }),
      kind: ConfigMap,
      before: color === undefined ? null : configMap(namespace, name, { color }),
    });
    await cluster.apply(configMap(namespace, "b", { color: "red" }));
    const items = [toApply("a"), toApply("b", "red"), toApply("c", "blue")];
    const lines: string[] = [];
    const results = applySet(kube, [items], {
      fieldManager: "flamingo",
      signal: new AbortController().signal,
      contentOf: (object) => (object as TestObject)["data"] as object,
    });
    for await (const result of results) lines.push(lineOf(result));
    expect(lines).toEqual(["a created", "b unchanged", "c configured"]);
    expect(proxy.requests.map(({ method }) => method)).toEqual(["PATCH", "PATCH", "PATCH"]);
  });

  clusterTest("of a kind that is not served", async ({ cluster }) => {
    const lamp = {
      apiVersion: "nobody.example/v1",
      kind: "Lamp",
      metadata: { namespace: "default", name: "a" },
    };
    expect(await applied(kubeFor(cluster), [[lamp]])).toEqual([
      `a failed: Cannot apply Lamp a in default: ${cluster.server} does not serve Lamp of nobody.example/v1`,
    ]);
  });
});

describe("a conflict", () => {
  clusterTest("names field and manager; force takes the field over", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("apply-conflict");
    const kube = kubeFor(cluster);
    await cluster.apply(configMap(namespace, "a", { color: "red", size: "1" }));
    const wanted = configMap(namespace, "a", { color: "blue" });
    const conflict = "a failed: Cannot apply ConfigMap a in apply-conflict: .data.color belongs to test";
    expect(await applied(kube, [[wanted]])).toEqual([conflict]);
    expect(await applied(kube, [[wanted]], { dryRun: "server" })).toEqual([conflict]);
    expect(await applied(kube, [[wanted]], { force: true })).toEqual(["a configured"]);
    expect(await cluster.get("v1", "ConfigMap", "a", namespace)).toMatchObject({
      data: { color: "blue", size: "1" },
    });
  });
});

describe("a dry run", () => {
  clusterTest.for(["client", "server"] as const)(
    "of a %s tells and changes nothing",
    async (dryRun, { cluster }) => {
      const namespace = await cluster.createNamespace(`apply-dry-${dryRun}`);
      const proxy = await proxyFor(cluster);
      const kube = kubeFor(cluster, { server: proxy.server });
      await cluster.applyAll([configMap(namespace, "a", { color: "red" }), configMap(namespace, "b")]);
      const stages = [
        [configMap(namespace, "a", { size: "1" }), configMap(namespace, "b"), configMap(namespace, "c")],
      ];
      expect(await applied(kube, stages, { dryRun })).toEqual(["a configured", "b unchanged", "c created"]);
      const names = (await cluster.list("v1", "ConfigMap", namespace)).map(({ metadata }) => metadata.name);
      expect(names.filter((name) => name.length === 1)).toEqual(["a", "b"]);
      expect((await cluster.get("v1", "ConfigMap", "a", namespace))["data"]).toEqual({ color: "red" });
      const patches = proxy.requests.filter(({ method }) => method !== "GET");
      expect(patches).toHaveLength(dryRun === "client" ? 0 : 3);
      for (const { query } of patches) expect(query.get("dryRun")).toBe("All");
    },
  );
});

describe("stages", () => {
  const of = { group: "apply.example", kind: "Lamp", plural: "lamps" };
  const crd = (group: string) => openCrd({ ...of, group, versions: ["v1"], statusSubresource: true });
  const lamp = (group: string): KubeObject => ({
    apiVersion: `${group}/v1`,
    kind: "Lamp",
    metadata: { namespace: "default", name: "a" },
  });
  const ownTest = ownClusterTest();

  ownTest("a CRD, then an object of its kind", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    const group = "one.example";
    const stages = [
      [namespaceOf("apply-stages"), crd(group)],
      [lamp(group), configMap("apply-stages", "b")],
    ];
    expect(await applied(kube, stages, { dryRun: "client" })).toEqual([
      "apply-stages created",
      "lamps.one.example created",
      "a created",
      "b created",
    ]);
    const names = ["apply-stages", "lamps.one.example", "a", "b"];
    expect(await applied(kube, stages)).toEqual(names.map((name) => `${name} created`));
    expect(await applied(kube, stages)).toEqual(names.map((name) => `${name} unchanged`));
  });

  ownTest("nothing is sent after a stage in which something failed", async ({ cluster }) => {
    const stages = [
      [configMap("default", "first"), configMap("apply-nowhere", "second")],
      [configMap("default", "third")],
      [configMap("default", "fourth")],
    ];
    expect(await applied(kubeFor(cluster), stages)).toEqual([
      "first created",
      expect.stringMatching(/^second failed: /),
      "third unsent",
      "fourth unsent",
    ]);
    expect(await cluster.find("v1", "ConfigMap", "third", "default")).toBeUndefined();
  });

  ownTest("a stage that does not become Current ends it", async ({ cluster }) => {
    // nobody binds it
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { namespace: "default", name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    const stages = [[claim], [configMap("default", "after")]];
    await expect(applied(kubeFor(cluster), stages, { readyWithinMs: 300 })).rejects.toMatchObject({
      message:
        "Cannot wait any longer: PersistentVolumeClaim data in default is InProgress: its phase is Pending",
      exitCode: 3,
    });
    expect(await cluster.find("v1", "ConfigMap", "after", "default")).toBeUndefined();
  });
});

describe("interrupted", () => {
  clusterTest("tells what was done, what was under way, and what was not sent", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("apply-interrupted");
    let writes = 0;
    const proxy = await proxyFor(cluster, ({ method }) =>
      method === "PATCH" && ++writes > 2 ? "hang" : "pass",
    );
    const stop = new AbortController();
    const kube = kubeFor(cluster, { server: proxy.server, signal: stop.signal });
    const objects = Array.from({ length: 20 }, (_, index) => configMap(namespace, `c-${index}`));
    const lines = applied(kube, [objects, [configMap(namespace, "later")]], { signal: stop.signal });
    // two are done, and sixteen hang
    await soon(() => writes).toBe(18);
    stop.abort(new Error("Interrupted"));
    const counted = (await lines).map((line) => line.replace(/^\S+ /, ""));
    const count = (outcome: string) => counted.filter((one) => one === outcome).length;
    expect({ created: count("created"), underWay: count("under way"), unsent: count("unsent") }).toEqual({
      created: 2,
      underWay: 16,
      unsent: 3,
    });
    expect(await cluster.list("v1", "ConfigMap", namespace)).toHaveLength(2);
  });

  clusterTest("before anything was sent", async ({ cluster }) => {
    const signal = AbortSignal.abort(new Error("Interrupted"));
    const stages = [[configMap("default", "apply-never"), new UserError("no")]];
    expect(await applied(kubeFor(cluster, { signal }), stages, { signal })).toEqual([
      "apply-never unsent",
      "- unsent",
    ]);
  });

  test("a bug is thrown", async () => {
    const kube = { apply: () => Promise.reject(new TypeError("x is undefined")) } as unknown as Kube;
    const items = [{ object: configMap("default", "a"), kind: ConfigMap, before: null }];
    const signal = new AbortController().signal;
    const results = applySet(kube, [items], { fieldManager: "flamingo", signal });
    await expect(results.next()).rejects.toThrow("x is undefined");
  });
});
