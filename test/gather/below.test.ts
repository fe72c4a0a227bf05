import { describe, expect, test } from "vitest";
import { nameOf, reachedFrom, type Stretch, wantedBelow } from "../../src/gather/below.js";
import type { LiveObject } from "../../src/kube/object.js";
import type { ServedKind } from "../../src/kube/served-kinds.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { object, owned } from "../builders/kube.js";

const kind = (group: string, name: string, namespaced = true): ServedKind => ({
  ...{ group, kind: name, plural: `${name.toLowerCase()}s`, namespaced, names: [] },
});

const kinds = [
  kind("", "Pod"),
  kind("", "Service"),
  kind("apps", "ReplicaSet"),
  kind("apps", "StatefulSet"),
  kind("discovery.k8s.io", "EndpointSlice"),
  kind("db.example", "Backup"),
  kind("db.example", "Tenant", false),
];

/** What is to be read below an object, by how; @param known besides it @param listed stretches that were read */
function wanted(owner: LiveObject, known: LiveObject[] = [], listed: string[] = [], outlines: string[] = []) {
  const live = new LiveIndex([owner, ...known]);
  const found = wantedBelow(reachedFrom([owner], live, new Set()), kinds, {
    live,
    isListed: ({ kind: one, namespace }: Stretch) =>
      [namespace, undefined].some((place) => listed.includes(nameOf({ kind: one, namespace: place }))),
    isOutline: (key) => outlines.includes(key),
  });
  return {
    wholes: found.wholes.map(nameOf),
    outlines: found.outlines.map(nameOf),
    objects: found.objects.map(({ object: { metadata } }) => metadata.name),
  };
}

const deployment = object("apps/v1", "Deployment", "shop/web");
const replicaSet = owned(deployment, "apps/v1", "ReplicaSet", "shop/web-1");
const database = object("db.example/v1", "Database", "shop/main");
const nothing = { wholes: [], outlines: [], objects: [] };

describe("below Kubernetes' own kinds", () => {
  test.each<[string, LiveObject, string[]]>([
    ["a Deployment", deployment, ["apps/ReplicaSet in shop"]],
    [
      "a Service, of the kinds that are served",
      object("v1", "Service", "shop/web"),
      ["discovery.k8s.io/EndpointSlice in shop"],
    ],
    ["a ConfigMap", object("v1", "ConfigMap", "shop/web"), []],
    ["a ClusterRole", object("rbac.authorization.k8s.io/v1", "ClusterRole", "web"), []],
    [
      "what Flux's own controllers keep",
      object("source.toolkit.fluxcd.io/v1", "GitRepository", "shop/web"),
      [],
    ],
  ])("%s", (_, owner, wholes) => expect(wanted(owner)).toEqual({ ...nothing, wholes }));

  test("the next kind follows when the one before is known", () =>
    expect(wanted(deployment, [replicaSet], ["apps/ReplicaSet in shop"])).toEqual({
      ...nothing,
      wholes: ["/Pod in shop"],
    }));

  test("what was read everywhere was read in each namespace", () =>
    expect(wanted(deployment, [], ["apps/ReplicaSet"])).toEqual(nothing));
});

describe("below a custom resource", () => {
  const everyKind = [
    ...["/Pod", "/Service", "apps/ReplicaSet", "apps/StatefulSet", "discovery.k8s.io/EndpointSlice"],
    "db.example/Backup",
  ].map((name) => `${name} in shop`);

  test("there may be anything in its namespace", () =>
    expect(wanted(database)).toEqual({ ...nothing, outlines: everyKind }));

  test("of one in no namespace, anything anywhere", () =>
    expect(wanted(object("db.example/v1", "Tenant", "shop")).outlines).toEqual([
      ...["/Pod", "/Service", "apps/ReplicaSet", "apps/StatefulSet", "discovery.k8s.io/EndpointSlice"],
      ...["db.example/Backup", "db.example/Tenant"],
    ]));

  test("what turns out to be its own is read whole", () => {
    const set = owned(database, "apps/v1", "StatefulSet", "shop/main");
    const pod = owned(set, "v1", "Pod", "shop/main-0");
    const stranger = object("v1", "Pod", "shop/stranger");
    const keys = ["apps/StatefulSet/shop/main", "/Pod/shop/main-0", "/Pod/shop/stranger"];
    expect(wanted(database, [set, pod, stranger], everyKind, keys)).toEqual({
      ...nothing,
      objects: ["main", "main-0"],
    });
  });

  test("what is read whole for another reason is not read twice", () => {
    const owner = owned(database, "apps/v1", "Deployment", "shop/web");
    expect(wanted(database, [owner])).toMatchObject({
      wholes: ["apps/ReplicaSet in shop"],
      outlines: everyKind.filter((name) => name !== "apps/ReplicaSet in shop"),
    });
  });
});

test("what a ResourceSet applied is reached, what a Kustomization applied is not", () => {
  const applied = { status: { inventory: { entries: [{ id: "shop_web_apps_Deployment", v: "v1" }] } } };
  const set = object("fluxcd.controlplane.io/v1", "ResourceSet", "flux-system/web", applied);
  const workload = object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux-system/web", applied);
  const live = new LiveIndex([deployment, replicaSet]);
  expect(reachedFrom([set], live, new Set()).map(({ kind }) => kind)).toEqual([
    "ResourceSet",
    "Deployment",
    "ReplicaSet",
  ]);
  expect(reachedFrom([workload], live, new Set())).toEqual([workload]);
});
