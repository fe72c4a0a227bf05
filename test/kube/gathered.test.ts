import { expect } from "vitest";
import { Gathered, type GatherOptions } from "../../src/kube/gathered.js";
import { ConfigMap } from "../../src/kube/kinds.js";
import type { Kind } from "../../src/kube/object.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import { kubeFor, type Login } from "./kube-for.js";

const nowhere: Kind = { group: "example.org", kind: "Nowhere", plural: "nowheres" };

async function namespaceWith(cluster: TestCluster, namespace: string, ...names: string[]): Promise<string> {
  await cluster.createNamespace(namespace);
  await cluster.applyAll(
    names.map((name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } })),
  );
  return namespace;
}

/** @returns also the paths that are asked for */
function gathered(cluster: TestCluster, options: Partial<GatherOptions> = {}, login: Login = {}) {
  const trace: string[] = [];
  const kube = kubeFor(cluster, { ...login, trace: (line) => trace.push(line) });
  const objects = new Gathered(kube, { byName: false, keep: (object) => object, ...options });
  const paths = () => trace.flatMap((line) => /^GET (\S+) \d+ in/.exec(line)?.[1] ?? []);
  return { objects, paths };
}

clusterTest("reads what was asked for together, and each thing once", async ({ cluster }) => {
  const namespace = await namespaceWith(cluster, "gathered-one", "a", "b");
  const { objects, paths } = gathered(cluster);
  const get = (name: string) => objects.get(ConfigMap, { name, namespace });
  expect([get("a"), get("missing"), objects.get(nowhere, { name: "a", namespace })]).toEqual([
    "unread",
    "unread",
    "unread",
  ]);
  expect(await objects.read()).toBe(true);
  expect(get("a")).toMatchObject({ metadata: { name: "a" } });
  // nobody has asked for it, and it is known
  expect(get("b")).toMatchObject({ metadata: { name: "b" } });
  expect(get("missing")).toBeUndefined();
  expect(objects.get(nowhere, { name: "a", namespace })).toBeUndefined();
  expect(await objects.read()).toBe(false);
  const lists = paths().filter((path) => path.includes("configmaps"));
  expect(lists).toEqual(["/api/v1/namespaces/gathered-one/configmaps?limit=500"]);
});

clusterTest("reads a whole kind where several namespaces are asked for", async ({ cluster }) => {
  const [one, other] = ["gathered-some", "gathered-other"];
  for (const namespace of [one, other]) await namespaceWith(cluster, namespace, "a");
  const { objects, paths } = gathered(cluster, {
    keep: ({ apiVersion, kind, metadata: { name } }) => ({ apiVersion, kind, metadata: { name } }),
  });
  for (const namespace of [one, other]) objects.get(ConfigMap, { name: "a", namespace });
  await objects.read();
  expect(objects.get(ConfigMap, { name: "a", namespace: other })).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
  });
  expect(objects.get(ConfigMap, { name: "x", namespace: "elsewhere" })).toBeUndefined();
  expect(new Set(paths().map((path) => path.replace(/&continue=.*/, "")))).toEqual(
    new Set(["/api/v1/configmaps?limit=500"]),
  );
});

clusterTest("reads each by itself where few are named", async ({ cluster }) => {
  const namespace = await namespaceWith(cluster, "gathered-named", "a", "b");
  const { objects, paths } = gathered(cluster, { byName: true });
  const get = (name: string) => objects.get(ConfigMap, { name, namespace });
  get("a");
  get("x");
  await objects.read();
  expect(get("a")).toMatchObject({ metadata: { name: "a" } });
  expect(get("x")).toBeUndefined();
  expect(get("b")).toBe("unread");
  expect(paths().sort()).toEqual(
    ["a", "x"].map((name) => `/api/v1/namespaces/gathered-named/configmaps/${name}`),
  );
});

clusterTest("reads what one may, and tells what one may not", async ({ cluster }) => {
  const [mine, theirs] = ["gathered-mine", "gathered-theirs"];
  for (const namespace of [mine, theirs]) await namespaceWith(cluster, namespace, "a");
  await cluster.grant("carol", { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }, mine);
  const { objects } = gathered(cluster, {}, { user: "carol" });
  const get = (namespace: string) => objects.get(ConfigMap, { name: "a", namespace });
  for (const namespace of [mine, theirs]) get(namespace);
  await objects.read();
  expect(get(mine)).toMatchObject({ metadata: { name: "a" } });
  expect(get(theirs)).toBe("unread");
  expect(objects.troubles.map(({ kind, error }) => [kind.kind, error.message])).toEqual([
    ["ConfigMap", expect.stringMatching(/^Cannot list ConfigMaps in gathered-theirs: .*is forbidden/)],
  ]);
  // it is not asked again
  expect(await objects.read()).toBe(false);
});
