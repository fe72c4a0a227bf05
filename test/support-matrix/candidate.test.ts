import { describe, expect, test } from "vitest";
import {
  candidateRunning,
  imageReference,
  isDevelopment,
  platformsOf,
  tagOf,
} from "../../src/support-matrix/candidate.js";
import { servesFlux } from "../../src/support-matrix/flux-apis.js";
import { neverShown } from "../../src/support-matrix/never-shown.js";
import { apisOf, candidate, matrix } from "./data.js";

const v284 = candidate("v2.8.4-fl.21-main-6c72e98c");

test.each([
  ["ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c", v284],
  ["mirror.corp:5000/argo/patched:v2.8.4-fl.21-main-6c72e98c", v284],
  ["mirror.corp/argocd:v2.8.4-fl.21-main-6c72e98c@sha256:0123", v284],
  ["mirror.corp:5000/argocd", undefined],
  ["quay.io/argoproj/argocd:v2.8.4", undefined],
  ["ghcr.io/flux-subsystem-argo/fsa/argocd@sha256:0123", undefined],
  ["ghcr.io/me/argocd:v2.8.4-fl.21-mine-00000000", undefined],
])("candidateRunning(%s)", (image, found) => expect(candidateRunning(matrix, image)).toBe(found));

test.each([
  ["v2.8.4-fl.21-main-6c72e98c", "v2.8.4-fl.21-main-6c72e98c"],
  ["localhost:5000/argocd", "argocd"],
])("tagOf(%s) is %s", (image, tag) => expect(tagOf(image)).toBe(tag));

test("the very first image lies elsewhere", () => {
  expect(imageReference(matrix, candidate("v2.2.5-fl.0"))).toBe(
    "ghcr.io/chanwit/flamingo/argocd:v2.2.5-fl.0",
  );
  expect(imageReference(matrix, v284)).toBe(`ghcr.io/flux-subsystem-argo/fsa/argocd:${v284.image}`);
  expect(platformsOf(matrix, v284)).toEqual(["linux/amd64"]);
  expect(platformsOf(matrix, { ...v284, platforms: ["linux/arm64"] })).toEqual(["linux/arm64"]);
});

test("release candidates are development builds, listed or not", () => {
  expect(
    [v284, candidate("v2.8.0-rc4-fl.15-main-007f1066"), candidate("v2.8.1-fl.20-main-4b9d66e7")].map(
      isDevelopment,
    ),
  ).toEqual([false, true, true]);
});

describe("what no image shows of a workload", () => {
  const plain = {
    namespace: "web",
    targetNamespace: undefined,
    hasKubeConfig: false,
    hidden: { otherNamespaces: 0, statefulSets: 0, secrets: 0 },
  };

  test.each([
    [{}, []],
    [{ targetNamespace: "web" }, []],
    [{ targetNamespace: "prod" }, ["other-namespaces"]],
    [{ hidden: { otherNamespaces: 2, statefulSets: 0, secrets: 0 } }, ["other-namespaces"]],
    [{ hidden: { otherNamespaces: 0, statefulSets: 1, secrets: 0 } }, ["hidden-kinds"]],
    [{ hidden: { otherNamespaces: 0, statefulSets: 0, secrets: 1 } }, ["hidden-kinds"]],
    [{ hasKubeConfig: true }, ["kubeconfig"]],
    [
      {
        targetNamespace: "prod",
        hasKubeConfig: true,
        hidden: { otherNamespaces: 1, statefulSets: 1, secrets: 1 },
      },
      ["other-namespaces", "hidden-kinds", "kubeconfig"],
    ],
  ])("%j", (more, ids) => expect(neverShown({ ...plain, ...more }).map(({ id }) => id)).toEqual(ids));
});

test.each([
  [apisOf({}), false],
  [apisOf({ GitRepository: ["v1"] }), false],
  [apisOf({ HelmRelease: ["v2"] }), true],
])("servesFlux()", (apis, serves) => expect(servesFlux(apis)).toBe(serves));
