import { expect, test } from "vitest";
import { kindOfFlux } from "../../src/flux/workload.js";

test.each([
  ["Kustomization", "kustomizations"],
  ["GitRepository", "gitrepositories"],
  ["FluxInstance", "fluxinstances"],
  ["Deployment", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
])("the kind of Flux that a reference calls %s", (kind, plural) => {
  expect(kindOfFlux({ kind })?.plural).toBe(plural);
});
