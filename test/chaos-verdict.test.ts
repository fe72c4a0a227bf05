import { describe, expect, test } from "vitest";
import type { Write, Written } from "./e2e/audit.js";
import { lagsOf, lengthOf, oddOperations, strayWrites, takeoversIn } from "./e2e/chaos/verdict.js";

const engines = new Set(["alice", "bob"]);

function written(
  resource: Write["resource"],
  by: string,
  at: number,
  object: Omit<Written, "metadata"> & { metadata?: object } = {},
): Write {
  return {
    ...{ at, by, resource },
    namespace: resource === "kustomizations" ? "web" : "argocd",
    name: "web",
    object: { ...object, metadata: { resourceVersion: "1", ...object.metadata } },
  };
}

/** Flux says it. @param word "True first", "False second", "Unknown third" */
function flux(word: string, at: number): Write {
  const [status = "", commit] = word.split(" ");
  const reason = status === "False" ? "ReconciliationFailed" : "ReconciliationSucceeded";
  const revision = `main@sha1:${commit}`;
  return written("kustomizations", "admin", at, {
    status: {
      conditions: [{ type: "Ready", status, reason }],
      ...(status === "True" ? { lastAppliedRevision: revision } : {}),
      lastAttemptedRevision: revision,
    },
  });
}

/** The Application says it. @param word "Succeeded first" */
function ours(
  word: string,
  at: number,
  by = "alice",
  operation: { username?: string; startedAt?: string } = {},
) {
  const [phase = "", revision = ""] = word.split(" ");
  const { username = "Flux", startedAt = "now" } = operation;
  return written("applications", by, at, {
    status: {
      operationState: {
        phase,
        startedAt,
        syncResult: { revision },
        operation: { initiatedBy: { username } },
      },
    },
  });
}

const lease = (by: string, holderIdentity: string, at = 0) =>
  written("leases", by, at, { spec: { holderIdentity } });

describe("lagsOf()", () => {
  const told = (writes: Write[], away = [] as { from: number; to: number }[]) =>
    lagsOf(writes, away).map(({ word, ms }) => `${word} ${ms}`);

  test.each<[string, Write[], string[]]>([
    ["is told", [flux("True a", 0), flux("True b", 10), ours("Succeeded b", 15)], ["Succeeded b 5"]],
    [
      "is told before Flux is quite done",
      [flux("True a", 0), ours("Succeeded b", 9), flux("True b", 10)],
      ["Succeeded b 0"],
    ],
    [
      "is overtaken",
      [flux("True a", 0), flux("False b", 10), flux("True c", 12), ours("Succeeded c", 15)],
      ["Failed b 5", "Succeeded c 3"],
    ],
    [
      "is under way first",
      [
        flux("True a", 0),
        flux("Unknown b", 5),
        flux("True b", 10),
        ours("Running b", 12),
        ours("Succeeded b", 13),
      ],
      ["Succeeded b 3"],
    ],
    [
      "is never told",
      [flux("True a", 0), ours("Succeeded a", 5), flux("True b", 10)],
      ["Succeeded b Infinity"],
    ],
  ])("what %s", (_, writes, lags) => expect(told(writes)).toEqual(lags));

  test("leaves out when nobody could have told", () => {
    const writes = [flux("True a", 0), flux("True b", 10), ours("Succeeded b", 30)];
    expect(told(writes, [{ from: 5, to: 25 }])).toEqual(["Succeeded b 5"]);
    expect(lagsOf(writes, [{ from: 5, to: 25 }])).toMatchObject([{ wholeMs: 20 }]);
  });
});

test("lengthOf() counts what overlaps once", () => {
  const others = [
    { from: 0, to: 4 },
    { from: 8, to: 20 },
    { from: 2, to: 5 },
    { from: 3, to: 4 },
  ];
  expect(lengthOf({ from: 1, to: 10 }, others)).toBe(6);
});

test("strayWrites() names who wrote without the Lease", () => {
  const writes = [
    lease("alice", "alice_1"),
    ours("Running a", 0),
    // who waits writes there, too
    lease("bob", "alice_1"),
    ours("Succeeded a", 0),
    lease("alice", ""),
    ours("Succeeded b", 0),
    lease("bob", "bob_1"),
    ours("Succeeded c", 0, "bob"),
    ours("Succeeded b", 0),
    ours("Succeeded b", 0, "argocd"),
  ];
  expect(strayWrites(writes, engines)).toEqual([
    "alice wrote web, which was nobody's to do",
    "alice wrote web, which was bob's to do",
  ]);
});

test("takeoversIn() tells when the Lease got another holder", () => {
  const writes = [lease("a", "one", 1), lease("b", "one", 2), lease("a", "", 3), lease("b", "two", 4)];
  expect(takeoversIn(writes)).toEqual([1, 4]);
});

describe("oddOperations()", () => {
  const asked = new Map([["web", [{ by: "first", isSure: true }]]]);
  const first = { username: "first", startedAt: "1" };
  const request = (requestedAt: string) =>
    written("kustomizations", "alice", 0, {
      metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": requestedAt } },
    });

  test.each<[string, Write[], string[]]>([
    [
      "once",
      [
        request("1"),
        ours("Running a", 1, "alice", first),
        ours("Succeeded a", 2, "bob", first),
        ours("Succeeded b", 3),
      ],
      [],
    ],
    ["never", [], ["web: first began 0 times and was "]],
    ["without an end", [ours("Running a", 1, "alice", first)], ["web: first began 1 times and was Running"]],
    [
      "twice",
      [ours("Succeeded a", 1, "alice", first), ours("Succeeded a", 2, "bob", { ...first, startedAt: "2" })],
      ["web: first began 2 times and was Succeeded"],
    ],
    [
      "passed on twice",
      [request("1"), request("2"), ours("Succeeded a", 1, "alice", first)],
      ["web: Flux was asked 2 times for 1 operations"],
    ],
  ])("done %s", (_, writes, odd) => expect(oddOperations(writes, asked, engines)).toEqual(odd));

  test("what may not have been heard may be left", () => {
    const unsure = new Map([["web", [{ by: "first", isSure: false }]]]);
    expect(oddOperations([], unsure, engines)).toEqual([]);
    expect(oddOperations([request("1")], unsure, engines)).toEqual([
      "web: Flux was asked 1 times for 0 operations",
    ]);
    expect(oddOperations([ours("Running a", 1, "alice", first)], unsure, engines)).toEqual([
      "web: first began 1 times and was Running",
    ]);
  });
});
