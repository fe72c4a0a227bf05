import { expect, test } from "vitest";
import { Ledger } from "../../src/loopback/redis/ledger.js";

const first = { hash: "a", shards: 3 };
const second = { hash: "b", shards: 1 };

test("a Ledger has what was written, once it is", () => {
  const ledger = new Ledger();
  const done = ledger.begin("web", first);
  expect(ledger.has("web", "a")).toBe(false);
  done();
  expect(ledger.has("web", "a")).toBe(true);
  expect(ledger.has("web", "b")).toBe(false);
  expect(ledger.written().map(({ instance, shards }) => [instance, shards])).toEqual([["web", 3]]);
});

test("a Ledger counts the pieces of both trees until the new one is written", () => {
  const ledger = new Ledger();
  ledger.begin("web", first)();
  const done = ledger.begin("web", second);
  expect(ledger.shardsOf("web")).toBe(3);
  done();
  expect(ledger.shardsOf("web")).toBe(1);
  expect(ledger.shardsOf("other")).toBe(1);
});

test("a Ledger believes the last of two who write at once", () => {
  const ledger = new Ledger();
  const one = ledger.begin("web", first);
  const two = ledger.begin("web", second);
  one();
  expect(ledger.has("web", "a")).toBe(false);
  two();
  expect(ledger.has("web", "b")).toBe(true);
});

test("a Ledger forgets what is there and what is under way, and tells of those only", () => {
  const ledger = new Ledger();
  ledger.found("left", 2);
  ledger.begin("web", first)();
  const done = ledger.begin("api", second);
  expect(ledger.forget(ledger.all())).toEqual(["web", "api"]);
  done();
  expect([ledger.has("web", "a"), ledger.has("api", "b")]).toEqual([false, false]);
  expect(ledger.forget(ledger.all())).toEqual([]);
  expect(ledger.shardsOf("left")).toBe(2);
});

test("a Ledger does not forget what was written anew meanwhile, and keeps nothing that was removed", () => {
  const ledger = new Ledger();
  ledger.begin("web", first)();
  const done = ledger.begin("api", first);
  const before = ledger.all();
  ledger.begin("web", second)();
  ledger.remove("api");
  expect(ledger.forget(before)).toEqual([]);
  done();
  expect(ledger.has("web", "b")).toBe(true);
  expect(ledger.all().map(({ instance }) => instance)).toEqual(["web"]);
});
