import { describe, expect, test } from "vitest";
import { describeMinors } from "../../src/flux/installed/minors.js";
import { answerTie, breakTies, openTies } from "../../src/flux/installed/schema-ties.js";
import { minorsServing, mixedCrds, type ServedVersions } from "../../src/flux/installed/served-minors.js";
import { serves } from "./installed-objects.js";

const describeServed = (served: ServedVersions) => describeMinors(minorsServing(served));

describe("what is served tells the minor", () => {
  test.each<[string, ServedVersions, string | undefined]>([
    ["0.37", serves["0.37"], "0.37 or older"],
    ["0.38", serves["0.38"], "0.38 to 0.41"],
    ["2.0", serves["2.0"], "2.0 or 2.1"],
    ["2.2", serves["2.2"], "2.2"],
    ["2.3", serves["2.3"], "2.3"],
    ["2.4", serves["2.4"], "2.4 or 2.5"],
    ["2.6", serves["2.6"], "2.6"],
    ["2.7", serves["2.7"], "2.7"],
    ["2.8", serves["2.8"], "2.8"],
    ["2.9", serves["2.9"], "2.9"],
    ["2.10", serves["2.10"], "2.10 or newer"],
    ["2.10 without old Alerts", { ...serves["2.10"], Alert: ["v1"] }, "2.10 or newer"],
    ["2.7 with image controllers", { ...serves["2.7"], ImagePolicy: ["v1", "v1beta2"] }, "2.7"],
    [
      "a version of the future beside Alerts of 2.9",
      { ...serves["2.9"], Kustomization: ["v2", "v1"] },
      undefined,
    ],
    ["a future without v1", { Kustomization: ["v2"], HelmRelease: ["v3"] }, "2.10 or newer"],
    ["Flux 0.20", { Kustomization: ["v1beta1"], HelmRelease: ["v2beta1"] }, "0.37 or older"],
    ["Flux 0.8", { Kustomization: ["v1beta1", "v1alpha1"] }, "0.37 or older"],
    [
      "no helm- and no notification-controller",
      { Kustomization: ["v1"], GitRepository: ["v1"] },
      "2.8 or newer",
    ],
    ["only the Kustomization of 2.7", { Kustomization: ["v1", "v1beta2"] }, "2.7"],
    ["only a HelmRelease of old", { HelmRelease: ["v2beta1"] }, "2.1 or older"],
    ["notifications turn 2.8 into 2.9", { Kustomization: ["v1"], Receiver: ["v1"] }, "2.9 or newer"],
    ["nothing", {}, undefined],
    ["another project's kinds", { Kustomization: [], HelmRelease: [] }, undefined],
  ])("%s", (_, served, expected) => expect(describeServed(served)).toBe(expected));
});

test("CRDs of several releases are told apart", () => {
  expect(mixedCrds({ ...serves["2.9"], Alert: [], Receiver: [], HelmRelease: ["v2", "v2beta2"] })).toBe(
    "the CRDs are not of one Flux: Kustomization as in 2.8 or newer, HelmRelease as in 2.7, GitRepository as in 2.8 or newer, OCIRepository as in 2.8 or newer, HelmRepository as in 2.8 or newer, HelmChart as in 2.8 or newer, Bucket as in 2.8 or newer, ExternalArtifact as in 2.7 or newer",
  );
  expect(mixedCrds({ Kustomization: ["v1", "v1beta1"], HelmRelease: ["v2"] })).toBe(
    "the CRDs are not of one Flux: Kustomization as in no known Flux, HelmRelease as in 2.8 or newer",
  );
  expect(mixedCrds(serves["2.9"])).toBeUndefined();
  expect(mixedCrds({})).toBeUndefined();
});

describe("schemas", () => {
  const fields = (served: ServedVersions) =>
    openTies(served).map(({ kind, version, field }) => `${kind} ${version} ${field}`);

  test.each<[keyof typeof serves, string[]]>([
    ["0.37", []],
    ["0.38", ["GitRepository v1beta2 ref.name"]],
    ["2.0", ["GitRepository v1 proxySecretRef"]],
    ["2.2", []],
    ["2.4", ["Kustomization v1 healthCheckExprs"]],
    ["2.9", []],
    ["2.10", []],
  ])("of Flux %s the fields %j decide", (minor, expected) => expect(fields(serves[minor])).toEqual(expected));

  test("a Flux of few kinds needs more of them", () => {
    expect(fields({ Kustomization: ["v1"], HelmRelease: ["v2"] })).toEqual([
      "Kustomization v1 buildMetadata",
      "HelmRelease v2 postRenderStrategy",
    ]);
  });

  test.each<[keyof typeof serves, boolean, string]>([
    ["0.38", false, "0.38 or 0.39"],
    ["0.38", true, "0.40 or 0.41"],
    ["2.0", false, "2.0"],
    ["2.0", true, "2.1"],
    ["2.4", false, "2.4"],
    ["2.4", true, "2.5"],
  ])("Flux %s with the field: %s", (minor, has, expected) => {
    const answers = openTies(serves[minor]).map((tie) => ({ ...tie, has }));
    expect(describeMinors(breakTies(minorsServing(serves[minor]), answers))).toBe(expected);
  });

  test("schemas of no release leave it open", () => {
    const ties = openTies({ Kustomization: ["v1"], HelmRelease: ["v2"] });
    const answers = ties.map((tie, index) => ({ ...tie, has: index === 0 }));
    expect(breakTies(["2.8", "2.9"], answers)).toEqual(["2.8", "2.9"]);
  });

  const tie = {
    kind: "GitRepository",
    version: "v1beta2",
    field: "ref.name",
    since: "0.40",
  } as const;
  const document = (spec: object, version = "v1beta2") => ({
    components: {
      schemas: {
        "io.fluxcd.toolkit.source.v1beta2.Bucket": {
          "x-kubernetes-group-version-kind": [{ group: "source.toolkit.fluxcd.io", version, kind: "Bucket" }],
          properties: { spec: { properties: { ref: { properties: { name: {} } } } } },
        },
        "any.name": {
          "x-kubernetes-group-version-kind": [
            { group: "source.toolkit.fluxcd.io", version, kind: "GitRepository" },
          ],
          properties: { spec },
        },
      },
    },
  });
  test.each<[string, unknown, boolean | undefined]>([
    ["has it", document({ properties: { ref: { properties: { name: {} } } } }), true],
    ["has it not", document({ properties: { ref: { properties: {} } } }), false],
    ["has no ref", document({ properties: { url: {} } }), false],
    ["is open, so nobody knows", document({}), undefined],
    ["is of another version", document({ properties: {} }, "v1"), undefined],
    ["is not published", undefined, undefined],
    ["is something else", { openapi: "3.0.0" }, undefined],
  ])("a schema %s", (_, schema, has) => expect(answerTie(tie, schema)?.has).toBe(has));
});
