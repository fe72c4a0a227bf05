import { expect, test } from "vitest";
import { branches } from "../../src/output/branches.js";

const below: Readonly<Record<string, string[]>> = { a: ["b", "c"], b: ["d"], c: ["e", "f"], x: ["y"] };

test("each item stands below its own", () =>
  expect(
    [...branches(["a", "x"], (item) => below[item] ?? [])].map(({ item, lines }) => lines + item),
  ).toEqual(["a", "├─ b", "│  └─ d", "└─ c", "   ├─ e", "   └─ f", "x", "└─ y"]));

test("what is very deep makes no longer lines", () => {
  const deep = [...branches([0], (item) => (item < 20_000 ? [item + 1] : []))];
  expect(deep).toHaveLength(20_001);
  expect(Math.max(...deep.map(({ lines }) => lines.length))).toBe(153);
});
