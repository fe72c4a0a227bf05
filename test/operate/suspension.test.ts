import { expect, test } from "vitest";
import { resuming, suspending } from "../../src/operate/suspension.js";

const note = { reason: "incident 42", by: "alice", at: new Date("2026-01-02T03:04:05.678Z") };
const annotations = {
  "flamingo/suspend-reason": "incident 42",
  "flamingo/suspend-by": "alice",
  "flamingo/suspend-at": "2026-01-02T03:04:05Z",
};

test.each([
  [false, undefined, { spec: { suspend: true } }],
  [true, undefined, undefined],
  [false, note, { spec: { suspend: true }, metadata: { annotations } }],
  [true, note, { spec: { suspend: true }, metadata: { annotations } }],
  [
    false,
    { ...note, by: undefined },
    { spec: { suspend: true }, metadata: { annotations: { ...annotations, "flamingo/suspend-by": null } } },
  ],
])("suspending() of one that is suspended: %s, with %o", (suspended, given, patch) =>
  expect(suspending({ kind: "HelmRelease", suspended }, given)).toEqual(patch),
);

test("resuming() takes the reason away, and leaves alone what is not suspended", () => {
  const gone = Object.fromEntries(Object.keys(annotations).map((key) => [key, null]));
  const kind = "Kustomization";
  expect(resuming({ kind, suspended: true })).toEqual({
    spec: { suspend: null },
    metadata: { annotations: gone },
  });
  expect(resuming({ kind, suspended: false })).toBeUndefined();
});

test("what the Flux Operator reconciles is switched off and on by its annotation", () => {
  const key = "fluxcd.controlplane.io/reconcile";
  const kind = "ResourceSet";
  expect(suspending({ kind, suspended: false })).toEqual({
    metadata: { annotations: { [key]: "disabled" } },
  });
  expect(suspending({ kind, suspended: true })).toBeUndefined();
  expect(suspending({ kind, suspended: true }, note)).toEqual({
    metadata: { annotations: { [key]: "disabled", ...annotations } },
  });
  expect(resuming({ kind: "FluxInstance", suspended: true })).toMatchObject({
    metadata: { annotations: { [key]: "enabled", "flamingo/suspend-reason": null } },
  });
});
