import { expect, test } from "vitest";
import { cameUpWithin } from "../../src/text/schedule.js";

// a Saturday
const now = new Date("2026-11-28T10:30:00Z");
const hour = 3_600_000;

test.each<[text: string, hours: number, zone: string, expected: boolean | undefined]>([
  ["* * * * *", 1, "", true],
  ["0 10 * * *", 1, "", true],
  ["0 10 * * *", 0.5, "", false],
  ["0 11 * * *", 1, "", false],
  ["0 22 * * *", 13, "", true],
  ["30 10 * * *", 1, "", false],
  ["*/20 9 * * *", 1, "", true],
  ["50/5 9 * * *", 0.6, "", true],
  ["15-20 10 * * *", 1, "", true],
  ["0 10 * * sat,sun", 1, "", true],
  ["0 10 * * MON-fri", 1, "", false],
  ["0 10 28 nov *", 1, "", true],
  ["0 10 29 11 *", 1, "", false],
  // either day, where both are said
  ["0 10 29 * sat", 1, "", true],
  ["0 10 28 * mon", 1, "", true],
  ["0 10 */28 * mon", 1, "", false],
  ["0 10 ? * mon", 1, "", false],
  ["0 0 1 1 *", 24 * 365, "", true],
  ["0 11 * * *", 1, "Europe/Berlin", true],
  ["0 10 * * *", 1, "Europe/Berlin", false],
  ["30 15 * * *", 1, "Asia/Kolkata", true],
  ["0 5 * * *", 1, "America/New_York", true],
  ["0 10 * * *", 1, "Nowhere/Land", true],
  ["0 10 * *", 1, "", undefined],
  ["0 10 * * * *", 1, "", undefined],
  ["61 10 * * *", 1, "", undefined],
  ["20-10 10 * * *", 1, "", undefined],
  ["*/0 * * * *", 1, "", undefined],
  ["@daily", 1, "", undefined],
  ["", 1, "", undefined],
])("%s came up within %s hours in %s: %s", (text, hours, zone, expected) =>
  expect(cameUpWithin(text, { durationMs: hours * hour, zone, now })).toBe(expected),
);

test("a schedule that never comes up is not looked for for long", () => {
  const begun = performance.now();
  expect(cameUpWithin("0 0 31 2 *", { durationMs: 1e6 * hour, zone: "", now })).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1000);
});
