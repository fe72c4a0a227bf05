import { expect, test } from "vitest";
import { StatusError } from "../../src/kube/failure.js";
import { retryAfterMs, waitMs } from "../../src/kube/retry.js";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each([
  [undefined, 0],
  ["3", 3000],
  ["0", 0],
  ["Thu, 01 Jan 2026 00:00:07 GMT", 7000],
  ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
  ["soon", 0],
])("retryAfterMs() reads %s", (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));

test.each([
  ["first wait", 1, 0.5, undefined, 300],
  ["second wait", 2, 0.5, undefined, 600],
  ["fourth wait", 4, 0.5, undefined, 2400],
  ["spread down", 1, 0, undefined, 225],
  ["spread up", 1, 1, undefined, 375],
  ["longer by Retry-After", 1, 0.5, "2", 2000],
  ["never shorter by Retry-After", 4, 0.5, "1", 2400],
])("waitMs(): %s", (_, tries, random, retryAfter, ms) => {
  const failure = new StatusError(429, {}, { retryAfter });
  expect(waitMs({ tries, failure }, { firstWaitMs: 300, now, random })).toBe(ms);
});
