import { expect, test } from "vitest";
import { inCircles } from "../../src/report/circles.js";

test.each<[what: string, parents: Record<string, string[]>, circling: string[]]>([
  ["nothing", {}, []],
  ["a line", { a: [], b: ["a"], c: ["b"] }, []],
  ["two ways up", { a: [], b: ["a"], c: ["a"], d: ["b", "c"] }, []],
  ["the same parent twice", { a: [], b: ["a", "a"] }, []],
  ["its own parent", { a: ["a"] }, ["a"]],
  ["two of each other", { a: ["b"], b: ["a"], c: [] }, ["a", "b"]],
  ["a circle with one above and one below", { a: [], b: ["a", "c"], c: ["b"], d: ["c"] }, ["b", "c", "d"]],
])("inCircles() of %s", (_, parents, circling) => {
  expect([...inCircles(new Map(Object.entries(parents)))].sort()).toEqual(circling);
});
