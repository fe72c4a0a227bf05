import { describe, expect, test } from "vitest";
import type { SupportMatrix } from "../../src/support-matrix/candidate.js";
import { noneShows } from "../../src/support-matrix/none-shows.js";
import {
  type Chosen,
  type ResolveOptions,
  resolve,
  resolveOrThrow,
} from "../../src/support-matrix/resolve.js";
import { apisOf, fluxApis, fluxTags, matrix } from "./data.js";

/** The image that is chosen, or the sentence and the hint of a refusal. */
function outcome(
  options: ResolveOptions,
  from = matrix,
): string | { refused: string; hint: string; code: number } {
  const resolution = resolve(from, options);
  if (!("refused" in resolution)) return resolution.candidate.image;
  const { refused, hint, exitCode: code } = resolution;
  return { refused, hint, code };
}

function chosen(options: ResolveOptions): Chosen {
  return resolveOrThrow(matrix, options);
}

describe("a version that is asked for", () => {
  test.each([
    ["v2.8.4", "v2.8.4-fl.21-main-6c72e98c"],
    ["2.8.4", "v2.8.4-fl.21-main-6c72e98c"],
    [" 2.8.4 ", "v2.8.4-fl.21-main-6c72e98c"],
    // the newest established of a minor: v2.8.13 is inferred only
    ["2.8", "v2.8.10-fl.21-main-7ef6c602"],
    ["v2.8", "v2.8.10-fl.21-main-7ef6c602"],
    ["2.10", "v2.10.5-fl.23-main-5958964b"],
    ["2.9", "v2.9.7-fl.23-main-909efcbe"],
    ["2", "v2.10.5-fl.23-main-5958964b"],
    ["latest", "v2.10.5-fl.23-main-5958964b"],
    [">=2.8 <2.10", "v2.9.7-fl.23-main-909efcbe"],
    ["~2.7.11", "v2.7.17-fl.15-main-f762c2ac"],
    ["2.6.x", "v2.6.15-fl.15-main-10ea1bf3"],
    ["2.5.0 - 2.6.14", "v2.6.14-fl.15-main-e9a0660c"],
    // several images of one name: what upstream's index meant last
    ["v2.8.1", "v2.8.1-fl.21-main-7242d1b4"],
    ["v2.9.6", "v2.9.6-fl.22-main-402c9e49"],
    ["v2.7.5", "v2.7.5-fl.6-main-07ce8cf3"],
    // inferred, where nothing better is there
    ["v2.8.13", "v2.8.13-fl.21-main-19a02d74"],
    [">2.10.2 <2.10.5", "v2.10.4-fl.23-main-0b00a113"],
    // development builds, named
    ["v2.9.0-rc3-dev", "v2.9.0-rc3-fl.21-main-1fecd6b1"],
    ["v2.9.0-rc3", "v2.9.0-rc3-fl.21-main-1fecd6b1"],
    ["v2.8.1-dev", "v2.8.1-fl.20-main-4b9d66e7"],
    ["v2.9.6-fl.22-main-5d09a144", "v2.9.6-fl.22-main-5d09a144"],
    ["ghcr.io/flux-subsystem-argo/fsa/argocd:v2.9.6-fl.22-main-5d09a144", "v2.9.6-fl.22-main-5d09a144"],
    ["v2.2.5-fl.0", "v2.2.5-fl.0"],
  ])("%s is %s", (wanted, image) => expect(outcome({ wanted })).toBe(image));

  test("may be a development build with --dev", () => {
    const wanted = ">=2.9.0-rc1 <2.9.0";
    expect(outcome({ wanted, dev: true })).toBe("v2.9.0-rc3-fl.21-main-1fecd6b1");
    expect(outcome({ wanted })).toEqual({
      refused: 'Cannot choose an FSA image for ">=2.9.0-rc1 <2.9.0": none is in this range',
      hint: "There are development builds, such as v2.9.0-rc3-dev: add --dev",
      code: 5,
    });
  });

  const see = "see flamingo list-candidates --all";
  test.each([
    ["v2.8.7", "has this version", `The nearest are v2.8.6 and v2.8.10: ${see}`],
    ["2.11.0", "has this version", `The nearest is v2.10.5: ${see}`],
    ["1.0.0", "has this version", `The nearest is v2.2.5: ${see}`],
    ["2.11", "is in this range", `The nearest is v2.10.5: ${see}`],
    [">=3", "is in this range", `The nearest is v2.10.5: ${see}`],
    ["<1", "is in this range", `The nearest is v2.2.5: ${see}`],
    ["v2.8.4-fl.21-main-6c72e98d", "has this tag", `The nearest is v2.8.4-fl.21-main-6c72e98c: ${see}`],
    ["v2.8.4-fl.99-topic-00000000", "has this tag", `The nearest is v2.8.4-fl.21-main-6c72e98c: ${see}`],
    ["v9.9.9-fl.99-topic-00000000", "has this tag", "See flamingo list-candidates --all"],
  ])("%s does not exist", (wanted, what, hint) => {
    expect(outcome({ wanted })).toEqual({
      refused: `Cannot choose an FSA image for ${JSON.stringify(wanted)}: none ${what}`,
      hint,
      code: 5,
    });
  });

  test.each(["", "foo", "v", "2.8.4.1", ">>2", "main"])("%j is no version", (wanted) => {
    expect(() => resolve(matrix, { wanted })).toThrow(
      expect.objectContaining({
        message: `${JSON.stringify(wanted)} is no version of Flamingo`,
        exitCode: 2,
      }),
    );
  });

  test("says how it was found", () => {
    expect(chosen({ wanted: "v2.8.4" })).toMatchObject({
      level: "unknown",
      reasons: ["it was asked for as v2.8.4"],
      limits: [],
    });
    expect(chosen({ wanted: "2.9.6" }).reasons).toEqual([
      "it was asked for as 2.9.6, as the newest known of 4 images of this name",
    ]);
    expect(chosen({ wanted: "v2.8.13" }).limits).toEqual([
      "no document names v2.8.13-fl.21-main-19a02d74: that it exists follows from its build only (confidence medium)",
    ]);
    expect(chosen({ wanted: "v2.8.1-dev" }).limits).toEqual([
      "v2.8.1-fl.20-main-4b9d66e7 is a development build",
    ]);
  });
});

describe.skipIf(fluxTags.length === 0)("nothing asked for", () => {
  test.each([
    ["v0.37.0", "v2.6.7-fl.5-main-2a1d90f5", "full"],
    ["v0.41.2", "v2.6.7-fl.5-main-2a1d90f5", "full"],
    ["v2.0.1", "v2.9.6-fl.22-main-5d09a144", "full"],
    ["v2.1.2", "v2.9.6-fl.22-main-5d09a144", "full"],
    ["v2.2.2", "v2.10.2-fl.23-main-d2c9a8cb", "full"],
    ["v2.3.0", "v2.10.2-fl.23-main-d2c9a8cb", "degraded"],
    ["v2.6.4", "v2.10.2-fl.23-main-d2c9a8cb", "degraded"],
    ["v2.7.5", "v2.10.2-fl.23-main-d2c9a8cb", "degraded"],
    ["v2.8.2", "v2.10.2-fl.23-main-d2c9a8cb", "degraded"],
    ["v2.9.3", "v2.10.2-fl.23-main-d2c9a8cb", "degraded"],
  ])("on Flux %s it is %s (%s)", (tag, image, level) => {
    const { candidate, level: found } = chosen({ flux: fluxApis(tag) });
    expect([candidate.image, found]).toEqual([image, level]);
  });

  test("says why, and what will be missing", () => {
    expect(chosen({ flux: fluxApis("v2.9.3") })).toMatchObject({
      reasons: [
        "it is the newest stable of those that show the most of this Flux",
        "v2.10.5 is newer, but upstream's index never listed it",
      ],
      limits: [
        "Kustomizations from OCIRepository are not shown: v2.10.2 asks for OCIRepository in source.toolkit.fluxcd.io/v1beta2; this cluster serves v1",
        "Kustomizations from Bucket are not shown: v2.10.2 asks for Bucket in source.toolkit.fluxcd.io/v1beta2; this cluster serves v1",
        "Kustomizations from ExternalArtifact are not shown: v2.10.2 looks up no ExternalArtifact",
        "HelmReleases are not shown: v2.10.2 asks for helm.toolkit.fluxcd.io/v2beta2; this cluster serves v2",
      ],
    });
    expect(chosen({ flux: fluxApis("v2.3.0") }).limits).toEqual([
      "HelmReleases are shown without their objects: v2.10.2 puts objects below helm.toolkit.fluxcd.io/v2beta2; this cluster prefers v2",
    ]);
    expect(chosen({ flux: fluxApis("v2.2.2") }).limits).toEqual([]);
  });

  test.each([
    // keeps its minor, and is not older
    ["2.8.4", "v2.8.10-fl.21-main-7ef6c602"],
    ["v2.8.10", "v2.8.10-fl.21-main-7ef6c602"],
    ["2.8.11", "v2.8.13-fl.21-main-19a02d74"],
    ["2.10.0", "v2.10.2-fl.23-main-d2c9a8cb"],
    ["2.10.3", "v2.10.5-fl.23-main-5958964b"],
    ["2.7.1", "v2.7.17-fl.15-main-f762c2ac"],
    // of a minor the one that shows most: 2.9.7 asks for a HelmRelease that Flux 2.1 does not serve
    ["2.9.1", "v2.9.6-fl.22-main-5d09a144"],
  ])("next to Argo CD %s it is %s", (argo, image) => {
    const { candidate, reasons } = chosen({ argo, flux: fluxApis("v2.1.2") });
    expect(candidate.image).toBe(image);
    expect(reasons[0]).toMatch(/^it keeps the minor 2\.\d+ of the Argo CD that is there$/);
  });

  test("next to an Argo CD that is newer than all of its minor there is none", () => {
    expect(outcome({ argo: "2.8.21", flux: fluxApis("v2.1.2") })).toEqual({
      refused: "Cannot choose an FSA image for the Argo CD 2.8.21 that is there: none of 2.8 is as new",
      hint: "Stay with it and use the engine loopback, or ask for a newer minor: --version v2.9.6",
      code: 1,
    });
    expect(outcome({ argo: "v3.5.1" })).toEqual({
      refused: "Cannot choose an FSA image for the Argo CD 3.5.1 that is there: none of 3.5 is as new",
      hint: "Stay with it and use the engine loopback",
      code: 1,
    });
  });

  test("a minor that shows nothing of this Flux is refused, and named is what would", () => {
    const argo = "2.4.12";
    expect(outcome({ argo, flux: fluxApis("v2.9.3") })).toEqual({
      refused:
        "Cannot take v2.4.28 (v2.4.28-fl.3-main-c4ce7dcc): Kustomizations are not shown: v2.4.28 asks for kustomize.toolkit.fluxcd.io/v1beta2; this cluster serves v1; HelmReleases are not shown: v2.4.28 asks for helm.toolkit.fluxcd.io/v2beta1; this cluster serves v2",
      hint: "Take v2.10.2 or v2.9.7, or add --force to take it all the same",
      code: 1,
    });
    expect(chosen({ argo, flux: fluxApis("v2.9.3"), force: true })).toMatchObject({ level: "incompatible" });
  });

  test("an image that is older than the Argo CD that is there is refused without force", () => {
    const options = { wanted: "v2.8.4", argo: "2.8.6", flux: fluxApis("v2.1.2") };
    expect(outcome(options)).toEqual({
      refused:
        "Cannot take v2.8.4 (v2.8.4-fl.21-main-6c72e98c): it is older than the Argo CD 2.8.6 that is there",
      hint: "Take v2.9.6 or v2.9.3, or add --force to take it all the same",
      code: 1,
    });
    expect(chosen({ ...options, force: true }).level).toBe("incompatible");
  });

  test("what is named is taken with all its limits, as long as it shows something", () => {
    const { level, candidate } = chosen({ wanted: "v2.8.4", flux: fluxApis("v2.9.3") });
    expect([level, candidate.flamingo]).toEqual(["degraded", "v2.8.4"]);
  });
});

describe("the nodes", () => {
  const flux = apisOf({ Kustomization: ["v1"], GitRepository: ["v1"] });

  test.each([
    [["linux/amd64"], "full", []],
    [
      ["linux/amd64", "linux/arm64"],
      "degraded",
      ["v2.10.2 runs on linux/amd64 only; this cluster has nodes of linux/arm64"],
    ],
    [[], "full", []],
    [undefined, "full", []],
  ])("%j", (platforms, level, limits) => {
    expect(chosen({ flux, platforms })).toMatchObject({ level, limits });
  });

  test("none of which can run it", () => {
    expect(outcome({ flux, platforms: ["linux/arm64"] })).toEqual({
      refused:
        "Cannot take v2.10.2 (v2.10.2-fl.23-main-d2c9a8cb): v2.10.2 runs on linux/amd64 only; this cluster has nodes of linux/arm64",
      hint: "Use the engine loopback, or add --force to take it all the same",
      code: 1,
    });
  });
});

test.each([
  [apisOf({}), "this cluster serves no Kustomizations and HelmReleases"],
  [apisOf({ Kustomization: ["v1"] }), "this cluster serves no sources for Kustomizations and HelmReleases"],
])("a cluster without Flux, or half of it, gets the newest stable one, and is told (%#)", (flux, limit) => {
  expect(chosen({ flux })).toMatchObject({
    candidate: { image: "v2.10.2-fl.23-main-d2c9a8cb" },
    level: "degraded",
    reasons: ["it is the newest stable one", "v2.10.5 is newer, but upstream's index never listed it"],
    limits: [limit],
  });
});

test("a matrix without candidates", () => {
  const empty: SupportMatrix = { ...matrix, candidates: [] };
  expect(outcome({}, empty)).toMatchObject({
    refused: "Cannot choose an FSA image: the support matrix has none",
    code: 1,
  });
  expect(outcome({ wanted: "latest" }, empty)).toMatchObject({
    hint: "See flamingo list-candidates --all",
    code: 5,
  });
});

test("an image whose patches are not known is never chosen for a Flux", () => {
  const only = { ...matrix, candidates: matrix.candidates.filter(({ profile }) => profile === null) };
  expect(outcome({ flux: apisOf({ Kustomization: ["v1"], GitRepository: ["v1"] }) }, only)).toMatchObject({
    refused:
      "Cannot take v2.2.5 (v2.2.5-fl.0): Kustomizations are not shown: what v2.2.5 asks for is not known",
  });
});

describe.skipIf(fluxTags.length === 0)("what no image shows", () => {
  const children =
    "No FSA image shows the children of HelmReleases here: v2.10.5 puts objects below helm.toolkit.fluxcd.io/v2beta2; this cluster prefers v2";
  const externalArtifact =
    "No FSA image shows Kustomizations from ExternalArtifact here: v2.10.5 looks up no ExternalArtifact";
  const sinceFlux28 = [
    "No FSA image shows Kustomizations from OCIRepository, Bucket and ExternalArtifact here: v2.10.5 asks for OCIRepository in source.toolkit.fluxcd.io/v1beta2; this cluster serves v1",
    "No FSA image shows HelmReleases or their sources here: v2.10.5 asks for helm.toolkit.fluxcd.io/v2beta2; this cluster serves v2",
  ];

  test.each([
    ["v0.37.0", []],
    ["v2.1.2", []],
    ["v2.2.2", []],
    ["v2.3.0", [children]],
    ["v2.6.4", [children]],
    ["v2.7.5", [externalArtifact, children]],
    ["v2.8.2", sinceFlux28],
    ["v2.9.3", sinceFlux28],
  ])("on Flux %s", (tag, sentences) => expect(noneShows(matrix, fluxApis(tag))).toEqual(sentences));
});
