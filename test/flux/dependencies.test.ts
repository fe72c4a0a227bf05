import { expect, test } from "vitest";
import { lookedAtFor, waitingChainOf } from "../../src/flux/dependencies.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { namespacedName, type ObjectId } from "../../src/kube/object-id.js";
import { ks } from "../builders/flux.js";
import { ready, reconciled } from "../report/objects.js";

const waiting = (...names: string[]) => ({
  spec: { dependsOn: names.map((name) => ({ name })) },
  condition: { ...ready, status: "False", reason: "DependencyNotReady", message: "dependency is not ready" },
});
const failed = { ...ready, status: "False", reason: "BuildFailed", message: "kustomize build failed" };

function workload(name: string, spec: object, condition: object | undefined): FluxWorkload {
  return reconciled(ks(name, spec), { conditions: condition ? [condition] : [] });
}

const web = waiting("base");

test.each<[string, FluxWorkload[], string | undefined]>([
  [
    "one that failed",
    [workload("base", {}, failed)],
    "waits for Kustomization base in apps, which failed: kustomize build failed",
  ],
  [
    "one that is suspended, two steps away",
    [
      workload("base", waiting("crds").spec, waiting().condition),
      workload("crds", { suspend: true }, undefined),
    ],
    "waits for Kustomization base in apps, which waits for Kustomization crds in apps, which is suspended",
  ],
  ["one that does not exist", [], "waits for Kustomization base in apps, which does not exist"],
  [
    "one that waits for its source",
    [workload("base", {}, { ...failed, reason: "ArtifactFailed", message: "Source artifact not found" })],
    "waits for Kustomization base in apps, which waits for its source: Source artifact not found",
  ],
  [
    "one that was not reconciled yet",
    [workload("base", {}, undefined)],
    "waits for Kustomization base in apps, which is not reconciled yet",
  ],
  [
    "a circle",
    [workload("base", waiting("web").spec, waiting().condition)],
    "waits for Kustomization base in apps, which waits for Kustomization web in apps, which closes the circle",
  ],
  ["nothing that is known", [workload("base", {}, { ...ready, message: "Ready" })], undefined],
])("waitingChainOf() of one that waits for %s", (_, others, chain) => {
  const one = workload("web", web.spec, web.condition);
  const all = new Map([one, ...others].map((object) => [namespacedName(object.metadata), object]));
  expect(waitingChainOf(one, (id: ObjectId) => all.get(namespacedName(id)))?.sentence).toBe(chain);
});

test("lookedAtFor() goes on behind each that waits, and no further", () => {
  const one = workload("web", waiting("base", "ready").spec, web.condition);
  const all = [
    workload("base", waiting("crds", "web").spec, waiting().condition),
    workload("ready", { dependsOn: [{ name: "beyond" }] }, { ...ready, message: "Ready" }),
    workload("crds", {}, failed),
    one,
  ];
  const byName = new Map(all.map((object) => [object.metadata.name, object]));
  const ids = lookedAtFor(one, ({ name }) => byName.get(name));
  expect(ids.map(({ name }) => name)).toEqual(["base", "ready", "crds", "web"]);
});

test("waitingChainOf() says nothing of what was not read", () =>
  expect(waitingChainOf(workload("web", web.spec, web.condition), () => "unread")).toBeUndefined());

test("waitingChainOf() and lookedAtFor() of chains without end have one, and each looks at so many of its dependencies", () => {
  const many = Array.from({ length: 300 }, (_, index) => `ready-${index}`);
  const all = (place: string): FluxWorkload =>
    place.startsWith("ready")
      ? workload(place, {}, { ...ready, message: "Ready" })
      : workload(place, waiting(`after-${place}`, ...many).spec, web.condition);
  const { ids = [], sentence = "" } = waitingChainOf(all("web"), ({ name }) => all(name)) ?? {};
  expect(ids).toHaveLength(50);
  expect(sentence.endsWith("after-web in apps, which waits for others")).toBe(true);
  const looked = lookedAtFor(all("web"), ({ name }) => all(name)).map(({ name }) => name);
  expect(looked.length).toBeLessThan(1300);
  expect(looked).toContain("ready-198");
  expect(looked).not.toContain("ready-199");
});
