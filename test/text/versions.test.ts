import { expect, test } from "vitest";
import { isAtLeast } from "../../src/text/versions.js";

test.each<[string, [number, number, number?], boolean]>([
  ["2.10.5", [2, 8], true],
  ["2.8.0", [2, 8], true],
  ["2.7.18", [2, 8], false],
  ["3.0.0", [2, 8], true],
  ["3.0.23", [3, 1], false],
  ["3.1.0", [3, 1], true],
  ["2.8.1", [2, 8, 2], false],
  ["2.8.2", [2, 8, 2], true],
])("isAtLeast(%s, %j) is %s", (release, wanted, is) => expect(isAtLeast(release, ...wanted)).toBe(is));
