import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ApplicationTree, ResourceDiff } from "../../src/argo/application-tree.js";
import {
  type CacheForm,
  cacheFormOf,
  instanceName,
  isSameValue,
  redisEntries,
  redisKeys,
  updateChannel,
} from "../../src/loopback/redis/entry.js";
import { application } from "../report/objects.js";

test.each([
  ["argocd", "podinfo"],
  ["team-a", "team-a_podinfo"],
])("an Application in %s is called %s", (namespace, name) => {
  expect(instanceName({ ...application, metadata: { name: "podinfo", namespace } }, "argocd")).toBe(name);
});

test.each([
  ["cluster|info|https://kubernetes.default.svc|1.8.3.gz", { version: "1.8.3", gzip: true }],
  ["cluster|info|https://10.0.0.1:6443|1.8.3", { version: "1.8.3", gzip: false }],
  ["app|resources-tree|podinfo|1.8.3.gz", undefined],
  ["cluster|info|", undefined],
])("the key %s tells %j", (key, form) => expect(cacheFormOf(key)).toEqual(form));

const node = (name: string) => ({ kind: "Pod", name });
const tree: ApplicationTree = {
  nodes: [node("a"), node("b"), node("c")],
  orphanedNodes: [],
  hosts: [{ name: "node-1" }],
};
const managedResources: ResourceDiff[] = [
  {
    kind: "Pod",
    name: "a",
    targetState: "{}",
    liveState: "{}",
    normalizedLiveState: "{}",
    predictedLiveState: "{}",
  },
];
const form: CacheForm = { version: "1.8.3", gzip: true, keyPrefix: "", treeShardSize: 0 };

describe("redisEntries()", () => {
  const read = (changes: Partial<CacheForm>, content = tree) =>
    redisEntries("podinfo", { tree: content, managedResources }, { ...form, ...changes }).then((entries) =>
      entries.map(({ key, value }) => [
        key,
        JSON.parse(String(key.endsWith(".gz") ? gunzipSync(value) : value)),
      ]),
    );

  test("writes one entry for the tree", async () => {
    expect(await read({})).toEqual([
      ["app|managed-resources|podinfo|1.8.3.gz", managedResources],
      ["app|resources-tree|podinfo|1.8.3.gz", tree],
    ]);
  });

  test("puts the prefix of keys before each", async () => {
    expect((await read({ keyPrefix: "dev-" })).map(([key]) => key)).toEqual([
      "dev-app|managed-resources|podinfo|1.8.3.gz",
      "dev-app|resources-tree|podinfo|1.8.3.gz",
    ]);
  });

  test("compresses only where Argo CD does", async () => {
    expect((await read({ gzip: false })).map(([key]) => key)).toEqual([
      "app|managed-resources|podinfo|1.8.3",
      "app|resources-tree|podinfo|1.8.3",
    ]);
  });

  test("splits the tree where Argo CD does, and says into how many", async () => {
    expect((await read({ treeShardSize: 2 })).slice(1)).toEqual([
      ["app|resources-tree|podinfo|1.8.3.gz", { nodes: [node("a"), node("b")], shardsCount: 2 }],
      ["app|resources-tree|podinfo|1|1.8.3.gz", { nodes: [node("c")], hosts: [{ name: "node-1" }] }],
    ]);
  });

  test("writes a tree without nodes, too", async () => {
    const empty = { nodes: [], orphanedNodes: [], hosts: [] };
    expect((await read({ treeShardSize: 2 }, empty))[1]).toEqual([
      "app|resources-tree|podinfo|1.8.3.gz",
      { shardsCount: 0 },
    ]);
  });

  test.each([0, 2])("uses the keys that redisKeys() names, with shards of %d", async (treeShardSize) => {
    const entries = await redisEntries("podinfo", { tree, managedResources }, { ...form, treeShardSize });
    const keys = entries.map(({ key }) => key);
    expect(redisKeys("podinfo", keys.length - 1, form)).toEqual(keys);
  });
});

test("pages listen without .gz, and without the prefix of keys", () => {
  expect(updateChannel("podinfo", { ...form, keyPrefix: "dev-" })).toBe(
    "app|managed-resources|podinfo|1.8.3",
  );
});

describe("isSameValue()", () => {
  const treeValue = async (content: ApplicationTree, changes: Partial<CacheForm> = {}) => {
    const entries = await redisEntries(
      "podinfo",
      { tree: content, managedResources },
      { ...form, ...changes },
    );
    return entries[1]?.value ?? Buffer.alloc(0);
  };
  const cpu = { resourceName: "cpu", requestedByApp: 100, requestedByNeighbors: 1500, capacity: 4000 };

  test.each<[string, Buffer | Promise<Buffer>, boolean]>([
    ["the same", treeValue(tree), true],
    [
      "others ask more of a machine",
      treeValue({ ...tree, hosts: [{ name: "node-1", resourcesInfo: [cpu] }] }),
      true,
    ],
    ["another machine", treeValue({ ...tree, hosts: [{ name: "node-2" }] }), false],
    ["another node", treeValue({ ...tree, nodes: [node("a")] }), false],
    ["another form", treeValue(tree, { gzip: false }), false],
    ["nothing that Argo CD wrote", Buffer.from("x"), false],
  ])("%s", async (_, other, isSame) => {
    expect(isSameValue(await treeValue(tree), await other, form)).toBe(isSame);
  });
});
