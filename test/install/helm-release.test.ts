import { expect, test } from "vitest";
import { type HelmWish, helmObjects } from "../../src/install/helm-release.js";
import { apisOf } from "../support-matrix/data.js";

const wish: HelmWish = {
  argocd: "v2.8.4",
  image: "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
  namespace: "team-a",
  anonymous: false,
};

interface Release {
  apiVersion: string;
  metadata: object;
  spec: { chart: { spec: { version: string } }; values: Record<string, unknown> };
}

/** The HelmRelease among them. */
const releaseOf = (more: Partial<HelmWish> = {}) =>
  helmObjects({ ...wish, ...more })[2] as unknown as Release;

test("the chart that ships this Argo CD, with the image, in the namespace", () => {
  expect(helmObjects(wish)).toEqual([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "team-a" } },
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "HelmRepository",
      metadata: { name: "argo-helm-repo", namespace: "team-a" },
      spec: { interval: "10m", url: "https://argoproj.github.io/argo-helm" },
    },
    {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "flamingo", namespace: "team-a" },
      spec: {
        chart: {
          spec: {
            chart: "argo-cd",
            sourceRef: { kind: "HelmRepository", name: "argo-helm-repo" },
            version: "5.47.0",
          },
        },
        interval: "10m",
        releaseName: "argocd",
        targetNamespace: "team-a",
        values: {
          global: {
            image: {
              repository: "ghcr.io/flux-subsystem-argo/fsa/argocd",
              tag: "v2.8.4-fl.21-main-6c72e98c",
            },
          },
        },
      },
    },
  ]);
});

test("in the versions that the cluster serves", () => {
  const flux = apisOf({ HelmRepository: ["v1beta2", "v1beta1"], HelmRelease: ["v2beta1"] });
  expect(helmObjects(wish, flux).map(({ apiVersion }) => apiVersion)).toEqual([
    "v1",
    "source.toolkit.fluxcd.io/v1beta2",
    "helm.toolkit.fluxcd.io/v2beta1",
  ]);
});

test.each([
  ["a:v1", { repository: "a", tag: "v1" }],
  ["r.example:5000/a/b:v1", { repository: "r.example:5000/a/b", tag: "v1" }],
  ["r.example:5000/a:v1@sha256:ab", { repository: "r.example:5000/a", tag: "v1@sha256:ab" }],
])("the image %s", (image, parts) =>
  expect(releaseOf({ image }).spec.values["global"]).toEqual({ image: parts }),
);

test("stock Argo CD by its own chart", () => {
  const stock = { argocd: "v3.4.4", image: undefined };
  expect(releaseOf(stock).spec).toMatchObject({ chart: { spec: { version: "10.1.1" } }, values: {} });
  expect(releaseOf({ ...stock, registry: "r.example", pullSecret: "pull" }).spec.values).toEqual({
    dex: { image: { repository: "r.example/dexidp/dex" } },
    redis: { image: { repository: "r.example/docker/library/redis" } },
    global: { image: { repository: "r.example/argoproj/argocd" }, imagePullSecrets: [{ name: "pull" }] },
  });
});

test.each(["r.example:5000/a", "a@sha256:ab", "a"])("an image without tag: %s", (image) =>
  expect(() => helmObjects({ ...wish, image })).toThrow(
    expect.objectContaining({
      message: `Cannot install by Helm: the image ${image} has no tag`,
      hint: "Name one with --image NAME:TAG",
    }),
  ),
);

test("a registry, a pull secret and everybody let in", () => {
  const more = { registry: "r.example", pullSecret: "pull", anonymous: true };
  expect(releaseOf(more).spec.values).toMatchObject({
    configs: { cm: { "users.anonymous.enabled": "true" }, rbac: { "policy.default": "role:readonly" } },
    dex: { image: { repository: "r.example/dexidp/dex" } },
    redis: { image: { repository: "r.example/docker/library/redis" } },
    global: { imagePullSecrets: [{ name: "pull" }] },
  });
  expect(releaseOf({ ...more, argocd: "v2.2.5" }).spec.values).toMatchObject({
    server: {
      config: { "users.anonymous.enabled": "true" },
      rbacConfig: { "policy.default": "role:readonly" },
    },
    redis: { image: { repository: "r.example/redis" } },
  });
});

test("a release that no chart ever installed", () => {
  expect(() => helmObjects({ ...wish, argocd: "v2.8.10" })).toThrow(
    expect.objectContaining({
      message: "Cannot install by Helm: no argo-cd chart installs Argo CD v2.8.10",
      hint: "Take another --version, or leave --mode out",
      exitCode: 1,
    }),
  );
});
