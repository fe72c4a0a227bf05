import fc from "fast-check";
import { expect, test } from "vitest";
import { ownedItems } from "../../src/kube/list-items.js";
import type { FieldsV1 } from "../../src/kube/object.js";

/** Owned items, each with a field that says which it is. */
const owning = (...names: string[]): FieldsV1 =>
  Object.fromEntries(names.map((name) => [name, { [`f:${name}`]: {} }]));

const tcp = 'k:{"port":80,"protocol":"TCP"}';
const udp = 'k:{"port":80,"protocol":"UDP"}';

test.each<[what: string, owned: string[], item: unknown, found: string | undefined]>([
  ["by its value", ['v:"a"', 'v:"b"'], "b", 'v:"b"'],
  ["by a number", ["v:1"], 1, "v:1"],
  ["by its key", ['k:{"name":"a"}', 'k:{"name":"b"}'], { name: "b", image: "x" }, 'k:{"name":"b"}'],
  ["by several keys", [tcp, udp], { port: 80, protocol: "UDP" }, udp],
  ["with a key left out", [tcp, udp], { port: 80 }, tcp],
  ["with a key that is null", [udp, tcp], { port: 80, protocol: null }, udp],
  ["by another set of keys", ['k:{"name":"a"}', tcp], { port: 80, protocol: "TCP" }, tcp],
  ["not with another value", [tcp], { port: 81 }, undefined],
  ["not without any key", [tcp], {}, undefined],
  ["not by what every object has", ['k:{"constructor":"x"}'], { name: "a" }, undefined],
  ["not by what is no JSON", ["k:{", "v:", "f:name", "."], { name: "a" }, undefined],
  ["not by what are no keys", ["k:5", "k:null", "k:[]", "k:{}"], {}, undefined],
])("an item is found %s", (_, owned, item, found) => {
  expect(ownedItems(owning(...owned))(item)?.fields).toEqual(found && { [`f:${found}`]: {} });
});

test("each of tens of thousands is found at once", () => {
  const names = Array.from({ length: 40_000 }, (_, index) => `v${index}`);
  const find = ownedItems(owning(...names.map((name) => `k:{"name":"${name}"}`)));
  const start = performance.now();
  expect(names.filter((name) => find({ name })?.keys?.["name"] !== name)).toEqual([]);
  expect(performance.now() - start).toBeLessThan(2000);
});

test("as many kinds of keys as there are items make it no search", () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `v${index}`);
  const find = ownedItems(owning(...names.map((name) => `k:{"${name}":1,"x":1}`)));
  const start = performance.now();
  for (const name of names) find({ [name]: 1 });
  expect(performance.now() - start).toBeLessThan(2000);
});

test("nothing makes it throw", () =>
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.constant({})), fc.array(fc.jsonValue()), (list, items) => {
      const prefixed = Object.keys(list).flatMap((name) => [name, `k:${name}`, `v:${name}`]);
      const find = ownedItems(owning(...prefixed, ...items.map((item) => `k:${JSON.stringify(item)}`)));
      for (const item of items) find(item);
    }),
  ));
