import { describe, expect, test } from "vitest";
import type { WorkloadKind } from "../../src/flux/workload.js";
import { type Profile, profileOf } from "../../src/support-matrix/candidate.js";
import {
  type Combination,
  combinationOf,
  combinations,
  combinationsOf,
} from "../../src/support-matrix/combination.js";
import { type FluxApis, preferredVersion } from "../../src/support-matrix/flux-apis.js";
import type { Shows } from "../../src/support-matrix/verdict.js";
import { verdictFor } from "../../src/support-matrix/verdict.js";
import { apisOf, candidate, dataMissing, facts, fluxApis, fluxTags, matrix, minorOfTag } from "./data.js";

/** The verdict in the shortest form of its rule, as a second opinion. */
function expected(
  profile: Profile | undefined,
  { served }: FluxApis,
  { workload, source, reference }: Combination,
): Shows {
  if (!profile) return "unknown";
  const { asksFor, treeOwner } = profile;
  const isServed = (kind: keyof FluxApis["served"], asked = "") => served[kind].includes(asked);
  const found =
    isServed(workload, asksFor[workload]) &&
    (reference === "chartRef" || isServed(source, asksFor[source] ?? asksFor["anySource"]));
  if (!found) return "does-not-show";
  return treeOwner[workload] === served[workload][0] ? "shows" : "shows-without-children";
}

describe.skipIf(fluxTags.length === 0)("every image × every Flux × every kind of workload and source", () => {
  test.each(fluxTags)("%s", (tag) => {
    const apis = fluxApis(tag);
    let count = 0;
    for (const one of matrix.candidates) {
      for (const combination of combinations) {
        const { shows, showsSource, because } = verdictFor(one, profileOf(matrix, one), apis, combination);
        expect(shows).toBe(expected(profileOf(matrix, one), apis, combination));
        expect(because === undefined).toBe(shows === "shows" && showsSource);
        count++;
      }
    }
    expect(count).toBe(229 * combinations.length);
  });

  test.skipIf(dataMissing)("serves what is known of its minor", () => {
    expect(fluxTags).toHaveLength(15);
    const known = facts().flux_api_served;
    // two minors are not in the data
    const tags = fluxTags.filter((tag) => known[minorOfTag(tag)]);
    expect(tags).toHaveLength(13);
    const sorted = (served: Readonly<Record<string, readonly string[]>> = {}) =>
      Object.fromEntries(Object.entries(served).map(([kind, versions]) => [kind, [...versions].sort()]));
    for (const tag of tags)
      expect(sorted(fluxApis(tag).served), tag).toEqual(sorted(known[minorOfTag(tag)]?.served));
  });
});

/** Whether a minor is in "0.28..2.7", "2.2" or null. */
function isIn(range: string | null | undefined, minor: string): boolean {
  if (!range) return false;
  const [first = "", last = first] = range.split("..");
  const number = (text: string) => {
    const [major = 0, rest = 0] = text.split(".").map(Number);
    return major * 1000 + rest;
  };
  return number(first) <= number(minor) && number(minor) <= number(last);
}

describe.skipIf(dataMissing || fluxTags.length === 0)(
  "the ranges of Flux that were computed elsewhere",
  () => {
    const cases: [key: string, Combination][] = [
      [
        "Kustomization+GitRepository",
        { workload: "Kustomization", source: "GitRepository", reference: "sourceRef" },
      ],
      [
        "Kustomization+OCIRepository",
        { workload: "Kustomization", source: "OCIRepository", reference: "sourceRef" },
      ],
      ["Kustomization+Bucket", { workload: "Kustomization", source: "Bucket", reference: "sourceRef" }],
      [
        "HelmRelease+HelmRepository",
        { workload: "HelmRelease", source: "HelmRepository", reference: "chart" },
      ],
      ["HelmRelease+GitRepository", { workload: "HelmRelease", source: "GitRepository", reference: "chart" }],
    ];
    const profiles = dataMissing ? [] : Object.entries(facts().profiles);

    test.each(profiles)("agree for %s", (name, { flux_minors_computed: computed }) => {
      for (const tag of fluxTags) {
        for (const [key, combination] of cases) {
          const minor = minorOfTag(tag);
          const isShown = isIn(computed[key], minor);
          const hasChildren = isIn(computed[`${combination.workload}_children_in_tree`], minor);
          const { shows } = verdictFor({ flamingo: name }, matrix.profiles[name], fluxApis(tag), combination);
          const witness = isShown ? (hasChildren ? "shows" : "shows-without-children") : "does-not-show";
          expect(shows, `${key} on ${tag}`).toBe(witness);
        }
      }
    });
  },
);

const v284 = candidate("v2.8.4-fl.21-main-6c72e98c");
const v2102 = candidate("v2.10.2-fl.23-main-d2c9a8cb");
const v23 = candidate("v2.3.13-fl.3-main-b0b6148f");
const flux29 = apisOf({
  Kustomization: ["v1"],
  HelmRelease: ["v2"],
  GitRepository: ["v1"],
  OCIRepository: ["v1"],
  HelmRepository: ["v1"],
  HelmChart: ["v1"],
  Bucket: ["v1"],
  ExternalArtifact: ["v1"],
});
const flux23 = apisOf({
  Kustomization: ["v1", "v1beta2", "v1beta1"],
  HelmRelease: ["v2", "v2beta2", "v2beta1"],
  GitRepository: ["v1", "v1beta2", "v1beta1"],
  HelmRepository: ["v1", "v1beta2", "v1beta1"],
  OCIRepository: ["v1beta2"],
});
const ks = (source: Combination["source"]): Combination => ({
  workload: "Kustomization",
  source,
  reference: "sourceRef",
});
const hr = (source: Combination["source"], reference: "chart" | "chartRef" = "chart"): Combination => ({
  workload: "HelmRelease",
  source,
  reference,
});

test.each([
  [
    v284,
    flux29,
    hr("HelmRepository"),
    "does-not-show",
    "v2.8.4 asks for helm.toolkit.fluxcd.io/v2beta1; this cluster serves v2",
  ],
  [v2102, flux29, ks("GitRepository"), "shows", undefined],
  [
    v2102,
    flux29,
    ks("OCIRepository"),
    "does-not-show",
    "v2.10.2 asks for OCIRepository in source.toolkit.fluxcd.io/v1beta2; this cluster serves v1",
  ],
  [v2102, flux29, ks("ExternalArtifact"), "does-not-show", "v2.10.2 looks up no ExternalArtifact"],
  [
    v23,
    flux29,
    ks("ExternalArtifact"),
    "does-not-show",
    "v2.3.13 asks for kustomize.toolkit.fluxcd.io/v1beta2; this cluster serves v1",
  ],
  [
    v284,
    flux23,
    hr("HelmRepository"),
    "shows-without-children",
    "v2.8.4 puts objects below helm.toolkit.fluxcd.io/v2beta1; this cluster prefers v2",
  ],
  [
    v2102,
    flux23,
    hr("OCIRepository", "chartRef"),
    "shows-without-children",
    "v2.10.2 puts objects below helm.toolkit.fluxcd.io/v2beta2; this cluster prefers v2",
  ],
  [
    v284,
    apisOf({ Kustomization: ["v1"] }),
    hr("HelmRepository"),
    "does-not-show",
    "v2.8.4 asks for helm.toolkit.fluxcd.io/v2beta1; this cluster serves none",
  ],
  [
    v284,
    apisOf({ HelmRelease: ["v2beta2", "v2beta1"] }),
    ks("Bucket"),
    "does-not-show",
    "v2.8.4 asks for kustomize.toolkit.fluxcd.io/v1; this cluster serves none",
  ],
  [
    v23,
    apisOf({ Kustomization: ["v1", "v1beta2"], GitRepository: ["v1", "v1beta1"] }),
    ks("GitRepository"),
    "does-not-show",
    "v2.3.13 asks for GitRepository in source.toolkit.fluxcd.io/v1beta2; this cluster serves v1 and v1beta1",
  ],
  [
    candidate("v2.9.0-rc3-fl.21-main-6c99d7ef"),
    flux29,
    ks("GitRepository"),
    "shows-without-children",
    "v2.9.0-rc3-dev puts no objects below a Kustomization",
  ],
  [
    candidate("v2.3.7-fl.2-main-58744adf"),
    flux23,
    ks("GitRepository"),
    "does-not-show",
    "v2.3.7 looks up no Kustomization",
  ],
  [candidate("v2.2.5-fl.0"), flux23, ks("GitRepository"), "unknown", "what v2.2.5 asks for is not known"],
] as const)("the reason is exact (%#)", (image, apis, combination, shows, because) => {
  expect(verdictFor(image, profileOf(matrix, image), apis, combination)).toEqual({
    shows,
    showsSource: shows.startsWith("shows") && combination.reference !== "chartRef",
    ...(because === undefined ? {} : { because }),
  });
});

test("a chartRef is never followed, even where the children would be shown", () => {
  const apis = apisOf({ HelmRelease: ["v2beta2"] });
  expect(verdictFor(v2102, profileOf(matrix, v2102), apis, hr("HelmChart", "chartRef"))).toEqual({
    shows: "shows",
    showsSource: false,
    because: "v2.10.2 does not follow chartRef",
  });
});

test.each([
  ["the newest served version", ["v2", "v2beta2"], undefined, "v2"],
  ["the group's preferred one", ["v2", "v2beta2"], "v2beta2", "v2beta2"],
  ["the newest where the preferred one is not served", ["v2beta2"], "v2", "v2beta2"],
  ["nothing where it is not served", [], "v2", undefined],
])("preferredVersion() is %s", (_, served, ofGroup, preferred) => {
  const group = ofGroup === undefined ? undefined : { "helm.toolkit.fluxcd.io": ofGroup };
  expect(preferredVersion(apisOf({ HelmRelease: served }, group), "HelmRelease")).toBe(preferred);
});

test("the children depend on what is preferred, not on what is newest", () => {
  const served = { HelmRelease: ["v2", "v2beta2"], HelmRepository: ["v1beta2"] };
  const apis = apisOf(served, { "helm.toolkit.fluxcd.io": "v2beta2" });
  expect(verdictFor(v2102, profileOf(matrix, v2102), apis, hr("HelmRepository")).shows).toBe("shows");
});

const rendered = (apis: FluxApis) =>
  combinationsOf(apis).map(({ workload, source, reference }) => `${workload} ${reference} ${source}`);

test("combinationsOf() has what objects of this Flux may have", () => {
  expect(rendered(flux29)).toHaveLength(combinations.length);
  expect(rendered(flux23)).toEqual([
    "Kustomization sourceRef GitRepository",
    "Kustomization sourceRef OCIRepository",
    "HelmRelease chart HelmRepository",
    "HelmRelease chart GitRepository",
    "HelmRelease chartRef OCIRepository",
  ]);
  // chartRef came with HelmRelease v2
  expect(rendered(apisOf({ HelmRelease: ["v2beta2"], OCIRepository: ["v1beta2"] }))).toEqual([]);
});

test.each<[WorkloadKind, string, boolean, Combination | undefined]>([
  ["Kustomization", "Bucket", false, ks("Bucket")],
  ["HelmRelease", "HelmRepository", false, hr("HelmRepository")],
  ["HelmRelease", "HelmChart", true, hr("HelmChart", "chartRef")],
  ["HelmRelease", "ConfigMap", false, undefined],
])("combinationOf() %s from %s", (kind, source, byChartRef, combination) => {
  expect(combinationOf({ kind, byChartRef, source: { kind: source, namespace: "a", name: "b" } })).toEqual(
    combination,
  );
});
