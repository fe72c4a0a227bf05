import { expect, test } from "vitest";
import { Interest } from "../../../src/loopback/engine/interest.js";

test("an entry concerns each Application that is interested in it, until it is not any more", () => {
  const interest = new Interest();
  const concerned = (...entries: string[]) => [...interest.concerned(entries)].sort();
  interest.set("a", ["x", "y", "y"]);
  expect(concerned("x")).toEqual(["a"]);
  interest.set("b", ["x", "z"]);
  interest.set("c", ["x"]);
  expect(concerned("x")).toEqual(["a", "b", "c"]);
  expect(concerned("y", "z", "nobody's")).toEqual(["a", "b"]);
  interest.set("a", ["y"]);
  expect(concerned("x")).toEqual(["b", "c"]);
  interest.drop("b");
  interest.drop("c");
  expect(concerned("x", "z")).toEqual([]);
  interest.set("a", ["x"]);
  expect(concerned("x", "y")).toEqual(["a"]);
});
