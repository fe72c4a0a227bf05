import { expect, test } from "vitest";
import { suspendedSince } from "../../src/flux/suspension.js";
import type { LiveObject, ManagedFields } from "../../src/kube/object.js";
import { ks } from "../builders/flux.js";

const fieldsV1 = { "f:spec": { "f:suspend": {} } };
const written: ManagedFields[] = [
  { manager: "kubectl", time: "2026-01-01T00:00:00Z", fieldsV1 },
  { manager: "flux", time: "2026-02-01T00:00:00Z", fieldsV1 },
  { manager: "flux", time: "2026-03-01T00:00:00Z", fieldsV1: { "f:spec": { "f:path": {} } } },
];
const note = {
  "flamingo/suspend-reason": "the database is moved",
  "flamingo/suspend-by": "alice",
  "flamingo/suspend-at": "2026-01-15T00:00:00Z",
};

test.each<[string, object, object | undefined]>([
  ["as it was noted", note, { time: "2026-01-15T00:00:00Z", who: "by alice: the database is moved" }],
  [
    "noted by whom nobody knows",
    { ...note, "flamingo/suspend-by": undefined },
    { time: "2026-01-15T00:00:00Z", who: "by somebody: the database is moved" },
  ],
  [
    "noted at no time",
    { ...note, "flamingo/suspend-at": "yesterday" },
    { time: "2026-02-01T00:00:00Z", who: "last written by flux" },
  ],
  ["without a note", {}, { time: "2026-02-01T00:00:00Z", who: "last written by flux" }],
])("suspendedSince() of one %s", (_, annotations, since) => {
  const workload: LiveObject = ks("a", { suspend: true }, { annotations, managedFields: written });
  expect(suspendedSince(workload)).toEqual(since);
});

test("suspendedSince() of one of which nobody knows", () => {
  expect(suspendedSince(ks("a", { suspend: true }))).toBeUndefined();
});
