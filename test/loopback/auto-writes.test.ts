import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { removeApplication } from "../../src/applications/remove.js";
import { Application } from "../../src/argo/application.js";
import type { Kube } from "../../src/kube/kube.js";
import { Auto } from "../../src/loopback/auto/auto.js";
import { Retries } from "../../src/loopback/auto/retries.js";
import { World } from "../../src/loopback/engine/world.js";
import { argo } from "../builders/argo.js";
import { object } from "../builders/kube.js";
import { clusterTest } from "../cluster/cluster.js";
import { kubeFor } from "../kube/kube-for.js";
import { application as example, gitRepository, kustomization } from "../report/objects.js";

const finalizer = "resources-finalizer.argocd.argoproj.io";
const others = "example.com/keep";

clusterTest.for<[string, string[] | undefined, string, string[] | undefined]>([
  ["without finalizers", undefined, "gone", undefined],
  [
    "with Argo CD's",
    [finalizer, `${finalizer}/background`, "post-delete-finalizer.argocd.argoproj.io/x"],
    "gone",
    undefined,
  ],
  ["with somebody else's, too", [others, `${finalizer}/foreground`], "going", [others]],
])("removes an Application %s", async ([, finalizers, outcome, left], { cluster }) => {
  const namespace = await cluster.createNamespace("auto-removes");
  const kube = kubeFor(cluster);
  const made = { ...example, metadata: { name: "web", namespace, ...(finalizers ? { finalizers } : {}) } };
  const created = await kube.create(Application, made);
  expect(await removeApplication(kube, created, "test")).toBe(outcome);
  const rest = await kube.find(Application, { name: "web", namespace });
  expect(rest?.metadata.finalizers).toEqual(left);
  expect(rest === undefined || rest.metadata.deletionTimestamp !== undefined).toBe(true);
  if (rest) await kube.mergePatch(Application, rest.metadata, { metadata: { finalizers: null } }, by);
  expect(await removeApplication(kube, created, "test")).toBe("missing");
});

const by = { fieldManager: "test" };

clusterTest.for<[string, string[]]>([
  ["without finalizers", []],
  ["with Argo CD's", [finalizer]],
])("leaves an Application %s that was changed meanwhile", async ([, finalizers], { cluster }) => {
  const namespace = await cluster.createNamespace("auto-leaves");
  const kube = kubeFor(cluster);
  const metadata = { name: `web${finalizers.length}`, namespace, finalizers };
  const read = await kube.create(Application, { ...example, metadata });
  const now = await kube.mergePatch(
    Application,
    metadata,
    { metadata: { annotations: { mine: "yes" } } },
    by,
  );
  expect(await removeApplication(kube, read, "test")).toBe("changed");
  expect(await kube.find(Application, metadata)).toEqual(now);
});

/** `--auto` for a user, with a world of its own that is told nothing but what a test tells it. */
function autoFor(kube: Kube, namespace: string) {
  const world = new World(argo);
  const { applications, workloads, sources, live } = world;
  const told: string[] = [];
  const auto = new Auto({
    kube,
    settings: {
      namespace,
      selection: { namespace: undefined, kinds: ["Kustomization"], labels: undefined },
      template: "{name}",
      project: { name: "default" },
    },
    known: { applications, workloads, sources, live, unknownBecause: () => undefined },
    dryRun: false,
    signal: new AbortController().signal,
    listener: {
      auto: ({ application, auto: what }) => told.push(`${application.name} ${what}`),
      undone: ({ message }) => told.push(message),
      remark: (text) => told.push(text),
    },
    set: (object) => world.set(object),
    gone: (key) => world.gone(key),
  });
  onTestFinished(() => auto.stop());
  for (const one of [crd, kustomization(), gitRepository]) world.set(one);
  return { auto, world, told };
}

const name = "kustomizations.kustomize.toolkit.fluxcd.io";
const crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", name);

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isSo(); tries++) await sleep(100);
}

clusterTest("what may not be created is said once, and tried again", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("auto-forbidden");
  const { auto, world, told } = autoFor(kubeFor(cluster, { user: "bob" }), namespace);
  await auto.begin();
  const refusal = expect.stringMatching(
    `^Cannot create Application podinfo in ${namespace}: .* is forbidden`,
  );
  expect(told).toEqual([refusal]);
  await sleep(1200);
  expect(told).toHaveLength(1);
  const rule = { apiGroups: ["argoproj.io"], resources: ["applications"], verbs: ["create"] };
  await cluster.grant("bob", rule, namespace);
  await until(() => told.length > 1);
  expect(told).toEqual([refusal, "podinfo created"]);
  expect([...world.applications.keys()]).toEqual([`${namespace}/podinfo`]);
});

clusterTest("what was changed meanwhile is deleted a moment later", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("auto-changed");
  const kube = kubeFor(cluster);
  const { auto, world, told } = autoFor(kube, namespace);
  await auto.begin();
  const ref = { name: "podinfo", namespace };
  const newer = await kube.mergePatch(Application, ref, { status: { reconciledAt: kubeTime } }, by);
  world.gone("kustomize.toolkit.fluxcd.io/Kustomization/apps/podinfo");
  await auto.begin();
  expect(told).toEqual(["podinfo created"]);
  world.set(newer);
  await until(() => told.length > 1);
  expect(told).toEqual(["podinfo created", "podinfo deleted"]);
  expect(await kube.find(Application, ref)).toBeUndefined();
});

const kubeTime = "2026-11-21T10:00:00Z";

test("waits grow up to a minute, and start anew after a success", () => {
  const retries = new Retries();
  const waits = [];
  for (let times = 0; times < 8; times++) {
    expect(retries.failed("a", "why")).toBe(times === 0);
    waits.push(Math.round((retries.nextMs ?? 0) / 1000));
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect([retries.isDue("a"), retries.isDue("b")]).toEqual([false, true]);
  expect(retries.failed("a", "another reason")).toBe(true);
  retries.succeeded("a");
  expect([retries.isDue("a"), retries.nextMs]).toEqual([true, undefined]);
  retries.failed("b", "why");
  retries.keepOnly(new Set(["a"]));
  expect(retries.nextMs).toBeUndefined();
});
