import { expect, test } from "vitest";
import { Shared } from "../../src/report/live/shared.js";

const pod = (name: string, changes: object = {}) => ({
  metadata: { name, creationTimestamp: "2026-01-02T03:04:05Z", labels: { "app.kubernetes.io/name": "web" } },
  status: { conditions: [{ type: "PodReadyToStartContainers", status: "True" }], ...changes },
});
const parsed = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test("parts that are the same are one, and nothing else changes", () => {
  const shared = new Shared();
  const [a, b] = ["a", "b"].map((name) => shared.share(parsed(pod(name))));
  expect([a, b]).toEqual([pod("a"), pod("b")]);
  expect(a?.metadata.labels).toBe(b?.metadata.labels);
  expect(a?.status).toBe(b?.status);
  expect(a?.metadata).not.toBe(b?.metadata);
  const c = shared.share(parsed(pod("c", { phase: "Failed" })));
  expect(c).toEqual(pod("c", { phase: "Failed" }));
  expect(c.status.conditions).toBe(a?.status.conditions);
});

test("a text and what has it as its JSON are told apart", () => {
  const shared = new Shared();
  const values = [{ is: "[1,2,3,4,5,6]" }, { is: [1, 2, 3, 4, 5, 6] }, { is: "[1,2,3,4,5,6]" }];
  expect(values.map((value) => shared.share(parsed(value)))).toEqual(values);
});

test.each([
  [
    "of the name __proto__",
    JSON.parse('{"a":{"__proto__":{"b":"somewhat longer"}},"__proto__":"somewhat longer"}'),
  ],
  ["that are long", { spec: { text: "x".repeat(600), list: Array(200).fill("somewhat longer") } }],
  ["that are deep", { a: { b: { c: { d: { e: { f: { g: { h: { i: "somewhat longer" } } } } } } } } }],
  ["of every kind", { a: null, b: [null, true, 1.5, "", {}, []], c: { d: false } }],
])("fields %s stay as they are", (_, value) => {
  const shared = new Shared();
  for (let time = 0; time < 2; time++)
    expect(JSON.stringify(shared.share(parsed(value)))).toBe(JSON.stringify(value));
});

test("a deep object takes no longer than a flat one", () => {
  const shared = new Shared();
  const deep = JSON.parse(`${'{"a":'.repeat(2000)}"${"x".repeat(1_000_000)}"${"}".repeat(2000)}`);
  const began = performance.now();
  expect(shared.share(deep)).toEqual(deep);
  expect(performance.now() - began).toBeLessThan(2000);
});
