import { expect, test } from "vitest";
import { inventoryOf } from "../../src/flux/inventory.js";
import { World } from "../../src/loopback/engine/world.js";
import { report, reportSteps } from "../../src/report/report.js";
import { reportInput } from "../../src/report/report-input.js";
import { argo } from "../builders/argo.js";
import { live, object, owned } from "../builders/kube.js";
import { application, gitRepository, inputOf, kustomization, now, project, reportOf } from "./objects.js";

const messages = (made: ReturnType<typeof reportOf>) =>
  (made.status.conditions ?? []).map(({ message }) => message);
const maps = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => object("v1", "ConfigMap", `apps/c${from + index}`));

test("a tree has no more than 5,000 nodes", () => {
  const roots = maps(3);
  const children = Array.from({ length: 6000 }, (_, index) =>
    owned(roots[index % 3] ?? object("v1", "ConfigMap", "apps/x"), "v1", "Secret", `apps/s${index}`),
  );
  const workload = kustomization(roots.map(({ metadata }) => `apps_${metadata.name}__ConfigMap`));
  const made = reportOf([...roots, ...children], { workload });
  expect(made.tree.nodes).toHaveLength(5000);
  // with the source, the workload and the three
  expect(messages(made)).toEqual(["1005 objects and what they own are not shown: a tree has 5000 at most"]);
});

test("of what was applied no more than 10,000 objects are looked at", () => {
  const workload = kustomization(Array.from({ length: 12_000 }, (_, index) => `apps_c${index}__ConfigMap`));
  const world = new World(argo);
  for (const one of [gitRepository, workload, project(), application]) world.set(one);
  const pace = { isSettled: true, isLast: true };
  const input = reportInput(application, world, inventoryOf(workload), now, pace);
  expect(input).toMatchObject({ inventory: { length: 10_000 }, unlisted: 2000 });
  const made = report(input);
  expect(made.tree.nodes).toHaveLength(5000);
  // the source and the workload are among the nodes
  expect(messages(made)).toEqual(["7002 objects and what they own are not shown: a tree has 5000 at most"]);
});

test("nor does it follow more than 10,000 owners", () => {
  const root = object("v1", "ConfigMap", "apps/root");
  const owners = maps(250).map((one) => owned(root, one.apiVersion, one.kind, `apps/${one.metadata.name}`));
  const references = owners.map(({ apiVersion, kind, metadata }) => ({
    ...{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" },
  }));
  const children = maps(250, 1000).map((one) =>
    live({ ...one, metadata: { ...one.metadata, ownerReferences: references } }),
  );
  const workload = kustomization(["apps_root__ConfigMap"]);
  const made = reportOf([root, ...owners, ...children], { workload });
  expect(made.tree.nodes).toHaveLength(503);
  expect(messages(made)).toEqual(["Not all that is owned is shown: of owners a tree has 10000 at most"]);
});

test("a diff has no more than 16 MiB", () => {
  const names = Array.from({ length: 20 }, (_, index) => `big${index}`);
  const objects = names.map((name) => ({
    ...object("v1", "ConfigMap", `apps/${name}`, {
      metadata: {
        labels: {
          "kustomize.toolkit.fluxcd.io/name": "podinfo",
          "kustomize.toolkit.fluxcd.io/namespace": "apps",
        },
      },
    }),
    data: { text: "x".repeat(1_000_000) },
  }));
  const workload = kustomization(names.map((name) => `apps_${name}__ConfigMap`));
  const made = reportOf(objects, { workload });
  expect(made.tree.nodes).toHaveLength(22);
  expect(made.managedResources).toHaveLength(19);
  expect(messages(made)).toEqual([
    "3 objects are not in the diff: all that it has together take 16 MiB at most",
  ]);
});

test("a report comes in steps, of which the first tells what it is about", () => {
  const objects = maps(3);
  const workload = kustomization(objects.map(({ metadata }) => `apps_${metadata.name}__ConfigMap`));
  const input = inputOf(objects, { workload });
  const steps = reportSteps(input);
  const made = report(input);
  expect(steps.next()).toMatchObject({
    done: false,
    value: { nodes: made.tree.nodes.map(({ name }) => ({ name })) },
  });
  let step = steps.next();
  let pauses = 0;
  for (; !step.done; pauses++) step = steps.next();
  // the source, the workload and the three are read
  expect(pauses).toBeGreaterThan(5);
  expect(step.value).toEqual(made);
});
