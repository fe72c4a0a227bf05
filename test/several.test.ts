import { expect, test } from "vitest";
import { Several } from "../src/several.js";

test("a key has each value once, until it is deleted", () => {
  const several = new Several();
  expect([...several.of("a")]).toEqual([]);
  for (const value of ["1", "1", "2", "3", "2"]) several.add("a", value);
  expect([...several.of("a")]).toEqual(["1", "2", "3"]);
  several.delete("a", "4");
  for (const value of ["1", "2"]) several.delete("a", value);
  expect([...several.of("a")]).toEqual(["3"]);
  several.delete("a", "3");
  several.delete("a", "3");
  expect([...several.of("a")]).toEqual([]);
  several.add("a", "5");
  several.delete("a", "6");
  expect([...several.of("a")]).toEqual(["5"]);
});
