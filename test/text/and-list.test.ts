import { expect, test } from "vitest";
import { andFirst, andList } from "../../src/text/and-list.js";

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
])("andList(%j)", (words, text) => expect(andList(words)).toBe(text));

test.each([
  [["a", "b"], 2, "a and b"],
  [["a", "b", "c"], 2, "a, b and 1 more"],
  [["a", "b", "c", "d"], 1, "a and 3 more"],
  [[], 3, ""],
])("andFirst(%j, %i)", (words, most, text) => expect(andFirst(words, most)).toBe(text));
