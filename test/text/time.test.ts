import { expect, test } from "vitest";
import { parseTime } from "../../src/text/time.js";

test.each([
  ["2026-11-27T09:00:00Z", "2026-11-27T09:00:00.000Z"],
  ["2026-11-27T09:00:00.5+02:00", "2026-11-27T07:00:00.500Z"],
  ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"],
  ["2026-02-29T00:00:00Z", undefined],
  ["2026-04-31T00:00:00Z", undefined],
  ["2026-11-00T00:00:00Z", undefined],
  ["2026-13-01T00:00:00Z", undefined],
  ["2026-11-27T24:00:00Z", undefined],
  ["2026-11-27T09:00:60Z", undefined],
  ["2026-11-27T09:00:00,5Z", undefined],
  ["2026-11-27T09:00:00+24:00", undefined],
  ["2026-11-27", undefined],
  [1_795_770_000, undefined],
])("parseTime(%j)", (text, moment) => {
  const time = parseTime(text);
  expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(moment);
});
