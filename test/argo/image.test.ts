import { describe, expect, test } from "vitest";
import { readArgoImage, readsWorkloadName, tagOf } from "../../src/argo/image.js";
import { argoImageAmong } from "../../src/argo/running.js";
import { matrix } from "../support-matrix/data.js";

test.each([
  ["quay.io/argoproj/argocd:v3.5.1", { flavour: "stock", version: "3.5.1" }],
  ["registry.example:5000/mirror/argocd:v2.13.0", { flavour: "stock", version: "2.13.0" }],
  ["quay.io/argoproj/argocd:v2.10.2@sha256:abcd", { flavour: "stock", version: "2.10.2" }],
  ["quay.io/argoproj/argocd:v3.0.0-rc1", { flavour: "stock", version: "3.0.0" }],
  [
    "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb",
    { flavour: "fl", version: "2.10.2", patchLevel: 23 },
  ],
  [
    "registry.example/renamed:v2.9.0-rc3-fl.19-main-5d09a144",
    { flavour: "fl", version: "2.9.0", patchLevel: 19 },
  ],
  ["ghcr.io/chanwit/flamingo/argocd:v2.2.5-fl.0", { flavour: "fl", version: "2.2.5", patchLevel: 0 }],
])("readArgoImage(%s)", (image, known) => expect(readArgoImage(image)).toEqual({ image, ...known }));

test("readArgoImage() reads every image of the support matrix", () => {
  for (const { image, argocd, patchLevel } of matrix.candidates) {
    const version = argocd.replace(/^v|-.*/g, "");
    const reference = `mirror.example:5000/x:${image}@sha256:abcd`;
    expect(readArgoImage(reference)).toEqual({ flavour: "fl", version, patchLevel, image: reference });
  }
});

test.each([
  ["quay.io/argoproj/argocd@sha256:abcd", "its image quay.io/argoproj/argocd@sha256:abcd has no tag"],
  ["quay.io/argoproj/argocd:latest", 'its image tag "latest" is no version'],
  ["registry.example/gitops:v2.10.5", "its image registry.example/gitops:v2.10.5 is not called argocd"],
])("readArgoImage(%s) knows that it does not know", (image, because) => {
  expect(readArgoImage(image)).toEqual({ flavour: "unknown", image, because });
});

test.each([
  ["quay.io/argoproj/argocd:v2.10.2@sha256:abcd", "v2.10.2"],
  ["registry.example:5000/argocd", undefined],
])("tagOf(%s) is %s", (image, tag) => expect(tagOf(image)).toBe(tag));

test.each([
  ["2.7.17", 15, false],
  ["2.8.0", 15, false],
  ["2.8.1", 15, false],
  ["2.8.1", 16, true],
  ["2.8.4", 21, true],
  ["2.9.0", 19, true],
  ["2.10.5", 23, true],
  ["2.2.16", 3, false],
])("readsWorkloadName() of %s-fl.%s is %s", (version, patchLevel, reads) => {
  expect(readsWorkloadName({ version, patchLevel })).toBe(reads);
});

describe("argoImageAmong()", () => {
  const runner = (...containers: object[]) =>
    ({ spec: { template: { spec: { containers } } } }) as Parameters<typeof argoImageAmong>[0][number];
  const fl = "ghcr.io/x/argocd:v2.10.2-fl.23-main-d2c9a8cb";
  const stock = "quay.io/argoproj/argocd:v2.10.2";

  test("finds components by what they run, whatever they are called", () => {
    expect(
      argoImageAmong([runner({ name: "server", image: stock, args: ["/usr/local/bin/argocd-server"] })]),
    ).toMatchObject({ flavour: "stock" });
    expect(
      argoImageAmong([
        runner({ name: "x", image: fl, command: ["sh", "-c", "entrypoint.sh argocd-repo-server --x"] }),
      ]),
    ).toMatchObject({ flavour: "fl" });
  });

  test("believes the application-controller before the server", () => {
    const server = runner({ name: "argocd-server", image: fl });
    const controller = runner({ name: "argocd-application-controller", image: stock });
    expect(argoImageAmong([server, controller])).toMatchObject({ flavour: "stock" });
  });

  test("takes no redis for an Argo CD", () => {
    expect(argoImageAmong([runner({ name: "redis", image: "redis:7.0.15" })])).toBeUndefined();
  });
});
