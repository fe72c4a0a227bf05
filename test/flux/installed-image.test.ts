import { describe, expect, test } from "vitest";
import { componentOf, fluxMinorOf, readControllerImage } from "../../src/flux/installed/controller-image.js";
import { isFluxController } from "../../src/flux/installed/controllers.js";
import { knownMinors } from "../../src/flux/installed/minors.js";
import { sharedFlux } from "../cluster/cluster.js";
import { fluxTags, minorOfTag } from "../support-matrix/data.js";
import { deployment } from "./installed-objects.js";

test.each([
  ["ghcr.io/fluxcd/source-controller:v1.9.3", "source-controller", "1.9.3", "2.9"],
  ["ghcr.io/fluxcd/source-controller:v1.9.3@sha256:abc", "source-controller", "1.9.3", "2.9"],
  ["registry.example:5000/source-controller:1.9.3", "source-controller", "1.9.3", "2.9"],
  ["public.ecr.aws/eks-anywhere/fluxcd/helm-controller:v1.2.0-eks-a-93", "helm-controller", "1.2.0", "2.5"],
  [
    "ghcr.io/controlplaneio-fluxcd/distroless/kustomize-controller:v1.5.0",
    "kustomize-controller",
    "1.5.0",
    "2.5",
  ],
  [
    "mcr.microsoft.com/oss/fluxcd/notification-controller:v1.6.0-10",
    "notification-controller",
    "1.6.0",
    "2.6",
  ],
  [
    "docker.io/bitnami/fluxcd-kustomize-controller:1.5.1-debian-12-r1",
    "kustomize-controller",
    "1.5.1",
    "2.5",
  ],
  ["cgr.dev/chainguard/flux-source-controller-fips:v1.5.0", "source-controller", "1.5.0", "2.5"],
  ["ghcr.io/fluxcd/image-reflector-controller:v0.35.2", "image-reflector-controller", "0.35.2", "2.6"],
  ["ghcr.io/fluxcd/image-automation-controller:v1.2.3", "image-automation-controller", "1.2.3", "2.9"],
  ["ghcr.io/fluxcd/source-watcher:v2.2.0", "source-watcher", "2.2.0", "2.9"],
  ["ghcr.io/fluxcd/kustomize-controller:v1.0.0-rc.4", "kustomize-controller", "1.0.0-rc.4", "2.0"],
  ["ghcr.io/fluxcd/helm-controller:v1.9.0", "helm-controller", "1.9.0", "2.12"],
])("%s", (image, component, version, fluxMinor) => {
  expect(readControllerImage(image)).toEqual({ component, version, fluxMinor });
});

test.each([
  ["ghcr.io/fluxcd/source-controller:latest", 'its image tag "latest" is no version'],
  ["ghcr.io/fluxcd/source-controller:v0.0.0-dev", 'its image tag "v0.0.0-dev" is no version'],
  ["ghcr.io/fluxcd/source-controller:preview-8bdd3f3", 'its image tag "preview-8bdd3f3" is no version'],
  ["ghcr.io/fluxcd/source-controller@sha256:abc", "its image has a digest and no tag"],
  ["registry.example:5000/fluxcd/source-controller", "its image has no tag"],
  ["ghcr.io/fluxcd/source-controller:v2.0.0", "no Flux is known that has source-controller 2.0.0"],
  ["ghcr.io/fluxcd/helm-controller:v0.26.0", "no Flux is known that has helm-controller 0.26.0"],
])("%s tells no minor: %s", (image, because) => {
  expect(readControllerImage(image)?.because).toBe(because);
});

test("a digest is looked up", () => {
  const tags = new Map([["sha256:abc", "v1.9.3"]]);
  expect(readControllerImage("registry.example/source-controller@sha256:abc", tags)).toEqual({
    component: "source-controller",
    version: "1.9.3",
    fluxMinor: "2.9",
  });
});

test.each([
  "rancher/helm-controller:v0.16.5",
  "docker.io/rancher/helm-controller:v1.6.0",
  "ghcr.io/k3s-io/helm-controller:v0.16.5",
  "mcr.microsoft.com/azurearcflux/images/stable/fluxconfig-agent:1.7.4",
  "mcr.microsoft.com/oss/fluent/fluent-bit:3.0.4",
  "quay.io/argoproj/argocd:v3.0.0",
  "gcr.io/knative/kafka-source-controller:v1.9.1",
  "ghcr.io/fluxcd/flux-cli:v2.9.3",
  "docker.io/fluxcd/flux:1.25.4",
  "registry.example/source-controller/proxy:v1.9.3",
  "",
])("%s runs no controller of Flux", (image) => {
  expect(componentOf(image)).toBeUndefined();
  expect(isFluxController(deployment("source-controller", image))).toBe(false);
});

test("any of several containers may be one, as in Flux All-in-One", () => {
  const images = ["docker.io/library/busybox:1", "ghcr.io/fluxcd/kustomize-controller:v1.9.4"];
  expect(isFluxController(deployment("flux", images))).toBe(true);
});

describe.skipIf(fluxTags.length === 0)("the controllers of every release", () => {
  test.each(fluxTags)("%s", (tag) => {
    const images = sharedFlux(tag).match(/(?<=image: ).+/g) ?? [];
    expect(images.length).toBeGreaterThanOrEqual(4);
    const minors = images.map((image) => readControllerImage(image)?.fluxMinor);
    expect(new Set(minors)).toEqual(new Set([minorOfTag(tag)]));
    expect(knownMinors).toContain(minorOfTag(tag));
  });
});

test.each([
  ["source-controller", ["0.32", "0.33", "0.34", "0.35", "0.36"]],
  ["kustomize-controller", ["0.31", "0.32", "0.33", "0.34", "0.35"]],
  ["helm-controller", ["0.27", "0.28", "0.29", "0.30", "0.31"]],
  ["notification-controller", ["0.29", "0.30", "0.31", "0.32", "0.33"]],
] as const)("%s of Flux 0.37 to 0.41", (component, versions) => {
  expect(versions.map((version) => fluxMinorOf(component, `${version}.0`))).toEqual(knownMinors.slice(0, 5));
});
