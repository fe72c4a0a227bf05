import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { ApplicationStatus } from "../../../src/argo/application.js";
import type { ApplicationTree } from "../../../src/argo/application-tree.js";
import type { TestObject } from "../../cluster/crds.js";
import type { Rig } from "../e2e.js";
import { type ArgocdVersion, argocdVersions } from "../programs.js";
import { run } from "../run.js";
import { titleOf, withoutSide } from "./normal.js";
import { nameOf, Place, type Side, sides } from "./place.js";
import { type Scene, scenes } from "./scenes.js";

/** What an argocd-server says of one copy of a scene. */
export interface Shown {
  tree: ApplicationTree;
  status: ApplicationStatus;
}

let staged: { rig: Rig; done: Promise<void> } | undefined;

/** Applies all scenes on both sides, once for all tests of a file. Resolves when nothing moves any more. */
export function stage(rig: Rig): Promise<void> {
  staged ??= { rig, done: setUp(rig) };
  return staged.done;
}

/** Takes away what other tests would meet, who look at all workloads, Applications or Pods. It goes in the background. */
export async function clear(): Promise<void> {
  const { cluster } = staged?.rig ?? {};
  if (!cluster) return;
  const namespaces = [home, ...names.flatMap((scene) => sides.map((side) => nameOf(scene, side)))];
  // when setting up failed, some are not there
  await Promise.allSettled([
    ...namespaces.map((name) => cluster.delete("v1", "Namespace", name)),
    ...names.flatMap((scene) =>
      sides.map((side) => cluster.delete(applications, "Application", nameOf(scene, side), "argocd")),
    ),
  ]);
}

const names = Object.keys(scenes);
const home = "parity";
const applications = "argoproj.io/v1alpha1";
/** Dozens of objects on a machine that has other things to do, too. */
const patience = { timeout: 120_000 };

async function setUp(rig: Rig): Promise<void> {
  const places = names.flatMap((scene) => sides.map((side) => new Place(rig, scene, side)));
  await Promise.all(
    [home, ...places.map(({ namespace }) => namespace)].map((namespace) =>
      // for a Deployment whose Pods are refused
      rig.cluster.createNamespace(namespace, { "pod-security.kubernetes.io/enforce": "baseline" }),
    ),
  );
  await Promise.all(places.map((place) => scenes[place.scene]?.before?.(place)));
  await apply(rig);
  await Promise.all(places.map((place) => scenes[place.scene]?.after?.(place)));
  await Promise.all(names.map((scene) => untilAsMeant(rig, scene)));
  await untilQuiet(rig);
}

async function apply(rig: Rig): Promise<void> {
  const repository = await rig.repository("parity");
  const files = names.flatMap((scene) =>
    sides.map((side): [string, string] => [`${scene}/${side}/all.yaml`, manifestsOf(scene, side)]),
  );
  await repository.commit(Object.fromEntries(files));
  const native = await rig.cluster.applyAll(names.map((scene) => application(scene, repository.url)));
  const flux = await rig.cluster.applyAll([gitRepository(repository.url), ...names.map(kustomization)]);
  const generated = await run(rig, `generate-app --all -n ${home} --name-template {name}`);
  expect(generated).toMatchObject({ exitCode: 0 });
  await Promise.all([
    ...flux.map((object) => rig.untilReady(object, patience.timeout)),
    ...native.map(({ apiVersion, kind, metadata: { name } }) =>
      expect
        .poll(() => rig.cluster.get(apiVersion, kind, name, "argocd"), patience)
        .toMatchObject({ status: { operationState: { phase: "Succeeded" } } }),
    ),
  ]);
}

/** Argo CD calls each of its objects what the scene wants it to be. */
async function untilAsMeant(rig: Rig, scene: string): Promise<void> {
  const health = async () => healthIn(scene, await read(rig, scene, "native"));
  await expect.poll(health, { ...patience, interval: 500 }).toEqual(meant(scene));
}

/** Nothing that either side shows has changed for a second, and Flux's are what they are wanted to be: that may take longer. */
async function untilQuiet(rig: Rig): Promise<void> {
  let before: unknown;
  for (let rounds = 1; ; rounds++) {
    expect(await run(rig, `loopback --once --redis ${rig.redis.address}`)).toMatchObject({ exitCode: 0 });
    const shown = await Promise.all(
      names.flatMap((scene) => sides.map(async (side) => ({ scene, ...(await read(rig, scene, side)) }))),
    );
    const trees = shown.map(({ tree }) => tree);
    const areAsMeant = shown.every((one) => isDeepStrictEqual(healthIn(one.scene, one), meant(one.scene)));
    // when Flux's never get there, that is for the tests to tell
    if (isDeepStrictEqual(trees, before) && (areAsMeant || rounds > 5)) return;
    before = trees;
    await sleep(1000);
  }
}

/** Of the objects for which the scene has a word, what it is at present. */
function healthIn(scene: string, { tree }: Shown): Record<string, string | undefined> {
  const present = new Map(tree.nodes.map((node) => [withoutSide(titleOf(node)), node.health?.status]));
  return Object.fromEntries(Object.keys(meant(scene)).map((title) => [title, present.get(title)]));
}

function meant(scene: string): Scene["health"] {
  return scenes[scene]?.health ?? {};
}

/**
 * Asks Argo CD's controller to look at its own anew: by itself it passes over some changes. Its server may miss that this was
 * done, and then waits in vain.
 */
export async function read(
  rig: Rig,
  scene: string,
  side: Side,
  version: ArgocdVersion = argocdVersions[0],
): Promise<Shown> {
  const path = `/api/v1/applications/${nameOf(scene, side)}`;
  const get = async (url: string) => {
    const { status, body } = await rig.argocd(version).request("GET", url, undefined, 15_000);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body;
  };
  const { status } = (await (side === "native"
    ? get(`${path}?refresh=normal`).catch(() => get(path))
    : get(path))) as Shown;
  return { status, tree: (await get(`${path}/resource-tree`)) as ApplicationTree };
}

function manifestsOf(scene: string, side: Side): string {
  return readFileSync(new URL(`${scene}.yaml`, import.meta.url), "utf8").replaceAll("SIDE", side);
}

function gitRepository(url: string): TestObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "parity", namespace: home },
    spec: { interval: "1h", url, ref: { branch: "main" } },
  };
}

function kustomization(scene: string): TestObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: nameOf(scene, "flux"), namespace: home },
    spec: {
      interval: "1h",
      path: `./${scene}/flux`,
      prune: false,
      targetNamespace: nameOf(scene, "flux"),
      sourceRef: { kind: "GitRepository", name: "parity" },
    },
  };
}

/** Applies what is new in Git, and lets changes in the cluster be. */
function application(scene: string, repoURL: string): TestObject {
  return {
    apiVersion: applications,
    kind: "Application",
    metadata: { name: nameOf(scene, "native"), namespace: "argocd" },
    spec: {
      project: "default",
      source: { repoURL, path: `${scene}/native`, targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: nameOf(scene, "native") },
      syncPolicy: { automated: {} },
    },
  };
}
