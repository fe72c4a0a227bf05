import { describe, expect, test } from "vitest";
import type { ApplicationStatus } from "../src/argo/application.js";
import { likeliest, type Maybe, maybe, stateOf } from "./application-states.js";

const names = new Map([["5ec0d", "second"]]);

const applied = (phase: "Running" | "Failed"): ApplicationStatus => ({
  operationState: { operation: {}, phase, startedAt: "", syncResult: { revision: "5ec0d" } },
});

test.each<[state: string, status: ApplicationStatus | undefined]>([
  ["no sync, no health, no operation", undefined],
  ["Unknown, no health, no operation", { sync: { status: "Unknown" } }],
  [
    "Synced second, Healthy, no operation",
    { sync: { status: "Synced", revision: "5ec0d" }, health: { status: "Healthy" } },
  ],
  [
    "OutOfSync 0ther, Progressing, Running second",
    {
      ...applied("Running"),
      sync: { status: "OutOfSync", revision: "0ther" },
      health: { status: "Progressing" },
    },
  ],
  [
    "no sync, no health, Failed second, DependencyWarning, SyncError",
    {
      ...applied("Failed"),
      conditions: [
        { type: "SyncError", message: "" },
        { type: "DependencyWarning", message: "" },
      ],
    },
  ],
])("stateOf() says %s", (state, status) => {
  const application = { apiVersion: "", kind: "", metadata: { name: "" }, ...(status && { status }) };
  expect(stateOf(application, names)).toBe(state);
});

describe("likeliest()", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"];

  test.each<[expected: (string | Maybe)[], seen: string[]]>([
    [[], []],
    [
      [a, b, a],
      [a, b, a],
    ],
    [
      [a, maybe(b), c],
      [a, b, c],
    ],
    [
      [a, maybe(b), c],
      [a, c],
    ],
    [[maybe(a), maybe(b), maybe(c)], []],
    [
      [maybe(a), maybe(b), maybe(c)],
      [a, c],
    ],
    [
      [maybe(a), b, maybe(a)],
      [b, a],
    ],
    [
      [maybe(a), b, a],
      [b, a],
    ],
    [
      [a, maybe(b), a, maybe(c), a],
      [a, a, c, a],
    ],
    [[maybe(a), maybe(b), a], [a]],
  ])("of %j is what was seen: %j", (expected, seen) => {
    expect(likeliest(expected, seen)).toEqual(seen);
  });

  test.each<[what: string, expected: (string | Maybe)[], seen: string[], nearest: string[]]>([
    ["a flap", [a, maybe(b), c], [a, b, a, b, c], [a, b, c]],
    ["one that is missing", [a, maybe(b), c, d], [a, b, d], [a, b, c, d]],
    ["one for another", [a, b, c], [a, d, c], [a, b, c]],
    ["another order", [a, maybe(b), maybe(c)], [a, c, b], [a, c]],
    ["nothing seen", [a, maybe(b)], [], [a]],
    ["one too many at the end", [a, maybe(b)], [a, c], [a]],
  ])("differs from what was seen for %s", (_, expected, seen, nearest) => {
    expect(likeliest(expected, seen)).toEqual(nearest);
    expect(seen).not.toEqual(nearest);
  });
});
