/** The same manifests, applied once by Argo CD and once by Flux: flamingo shows Flux's as Argo CD shows its own. */

import { afterAll, describe, expect } from "vitest";
import type { ResourceStatus } from "../../src/argo/application.js";
import type { ResourceNode, ResourceRef } from "../../src/argo/application-tree.js";
import type { Health } from "../../src/argo/health.js";
import { e2eTest } from "./e2e.js";
import { inOrder, normalizer, normalLines, normalNodes, titleOf, withoutSide } from "./parity/normal.js";
import { nameOf, type Side } from "./parity/place.js";
import { scenes } from "./parity/scenes.js";
import { clear, read, type Shown, stage } from "./parity/stage.js";
import { argocdVersions } from "./programs.js";

// What flamingo means to show otherwise, beside what Flux's objects are themselves:

/** Custom resources by the common conventions; of those without a rule of its own, Argo CD says nothing. */
const byConvention: Readonly<Record<string, Health>> = {
  "Widget/telling": { status: "Healthy", message: "Widget is up" },
};

/** Flux does not tell what others changed of what it applied; Argo CD compares with Git. */
const drifted = ["Deployment/rolling"];

const synced: Readonly<Record<string, string>> = { progressing: "Synced" };

afterAll(clear);

describe.each(Object.keys(scenes))("what is %s", (scene) => {
  e2eTest("has the nodes that Argo CD has", async ({ rig }) => {
    await stage(rig);
    const [native, flux] = await Promise.all([read(rig, scene, "native"), read(rig, scene, "flux")]);
    const { own, others } = ownAndOthers(normalNodes(flux.tree.nodes));
    expect(own).toMatchObject([
      { ...workloadRef(scene), parentRefs: [sourceRef], health: { status: "Healthy" } },
      { ...sourceRef, health: { status: "Healthy" } },
    ]);
    expect(others.map(withoutChanges)).toEqual(asOfFlux(native, scene));
    expect(flux.tree.orphanedNodes).toEqual(native.tree.orphanedNodes);
    // what others ask of a machine changes from one moment to the next
    const hosts = ({ tree }: Shown) =>
      JSON.stringify(tree.hosts, (key, value) => (key === "requestedByNeighbors" ? undefined : value));
    expect(hosts(flux)).toBe(hosts(native));
  });

  e2eTest("has the status that Argo CD gives it", async ({ rig }) => {
    await stage(rig);
    const [native, flux] = await Promise.all([read(rig, scene, "native"), read(rig, scene, "flux")]);
    expect(flux.status.health?.status).toBe(native.status.health?.status);
    expect(flux.status.sync?.status).toBe(synced[scene] ?? native.status.sync?.status);
    expect(flux.status.summary).toEqual(native.status.summary);
    const { own, others } = ownAndOthers(resourcesOf(flux));
    expect(own.map(titleOf)).toEqual([`Kustomization/${withoutSide(nameOf(scene, "flux"))}`]);
    const expected = resourcesOf(native).map((resource) => ({
      ...resource,
      ...(byConvention[titleOf(resource)] && { health: byConvention[titleOf(resource)] }),
      ...(drifted.includes(titleOf(resource)) && { status: "Synced" }),
    }));
    expect(others).toEqual(inOrder(expected));
  });

  e2eTest("is printed by argocd as its own", async ({ rig }) => {
    await stage(rig);
    const lines = async (side: Side) => {
      const { tree } = await read(rig, scene, side);
      const { stdout } = await rig.argocd().cli("app", "get", nameOf(scene, side), "-o", "tree");
      return normalLines(stdout, tree.nodes);
    };
    const [native, flux] = await Promise.all([lines("native"), lines("flux")]);
    const source = "GitRepository/parity";
    const root = `${source} > ${titleOf(workloadRef(scene))}`;
    const below = native.map((line) => `${root} > ${printedOfFlux(line)}`);
    // argocd tells nodes by uid, which what is gone has none of: it prints one for all, natively once, here as often as there are
    const isThere = (line: string) => !line.endsWith(" Missing");
    const expected = [`${source}: Healthy`, `${root}: Synced Healthy`, ...below].filter(isThere).sort();
    expect(flux.filter(isThere)).toEqual(expected);
  });

  e2eTest.for(argocdVersions.slice(1))("is shown by Argo CD %s, too", async (version, { rig }) => {
    await stage(rig);
    const [newest, older] = await Promise.all([read(rig, scene, "flux"), read(rig, scene, "flux", version)]);
    expect(older.tree.nodes).toEqual(newest.tree.nodes);
    expect(resourcesOf(older)).toEqual(resourcesOf(newest));
    expect(older.status.health?.status).toBe(newest.status.health?.status);
    expect(older.status.summary).toEqual(newest.status.summary);
  });
});

const sourceRef: ResourceRef = {
  group: "source.toolkit.fluxcd.io",
  version: "v1",
  kind: "GitRepository",
  namespace: "parity",
  name: "parity",
  uid: "uid of GitRepository/parity",
};

function workloadRef(scene: string): ResourceRef {
  const name = withoutSide(nameOf(scene, "flux"));
  const [group, uid] = ["kustomize.toolkit.fluxcd.io", `uid of Kustomization/${name}`];
  return { group, version: "v1", kind: "Kustomization", namespace: "parity", name, uid };
}

/** Native nodes as they would be had Flux applied them. */
function asOfFlux({ tree, status }: Shown, scene: string): ResourceNode[] {
  const applied = new Set(status.resources?.map((resource) => withoutSide(titleOf(resource))));
  const nodes = normalNodes(tree.nodes).map((node) => {
    const title = titleOf(node);
    if (!applied.has(title)) return node;
    const parentRefs = [...(node.parentRefs ?? []), workloadRef(scene)];
    const health = byConvention[title];
    return { ...withFluxLabels(node, scene), parentRefs, ...(health && { health }) } as ResourceNode;
  });
  return inOrder(nodes);
}

/** Who changed an object past Flux, which Argo CD does not say of its own. */
function withoutChanges({ info, ...node }: ResourceNode): ResourceNode {
  const others = (info ?? []).filter(({ name }) => name !== "Changed by");
  return { ...node, ...(others.length > 0 ? { info: others } : {}) };
}

/** Flux labels what it applies, and a Pod's labels stand in its node. */
function withFluxLabels(node: ResourceNode, scene: string): ResourceNode {
  if (!node.networkingInfo?.labels) return node;
  const prefix = "kustomize.toolkit.fluxcd.io";
  const { name, namespace } = workloadRef(scene);
  const labels = {
    ...node.networkingInfo.labels,
    [`${prefix}/name`]: name,
    [`${prefix}/namespace`]: namespace ?? "",
  };
  return { ...node, networkingInfo: { ...node.networkingInfo, labels } };
}

function printedOfFlux(line: string): string {
  const title = /^[^>]*(?=: )/.exec(line)?.[0] ?? "";
  if (byConvention[title]) return `${line} ${byConvention[title].status}`;
  return drifted.includes(title) ? line.replace("OutOfSync", "Synced") : line;
}

function resourcesOf({ tree, status }: Shown): ResourceStatus[] {
  const text = normalizer(tree.nodes)(JSON.stringify(status.resources));
  return inOrder(JSON.parse(text) as ResourceStatus[]);
}

function ownAndOthers<T extends { group?: string }>(items: readonly T[]): { own: T[]; others: T[] } {
  const isOwn = ({ group = "" }: T) => group.endsWith(".fluxcd.io");
  return { own: items.filter(isOwn), others: items.filter((item) => !isOwn(item)) };
}
