import { expect, test } from "vitest";
import { parseDuration, renderAge } from "../../src/text/duration.js";

test.each([
  ["-5s", "0s"],
  ["0s", "0s"],
  ["119s", "119s"],
  ["120s", "2m"],
  ["3m20s", "3m20s"],
  ["10m30s", "10m"],
  ["179m", "179m"],
  ["3h5m", "3h5m"],
  ["8h30m", "8h"],
  ["47h", "47h"],
  ["51h", "2d3h"],
  ["192h", "8d"],
  ["17520h", "2y"],
  ["17544h", "2y1d"],
  ["87600h", "10y"],
])("renderAge() of %s is %s", (duration, age) => {
  const ms = duration.startsWith("-") ? -5000 : (parseDuration(duration) ?? Number.NaN);
  expect(renderAge(ms)).toBe(age);
});
