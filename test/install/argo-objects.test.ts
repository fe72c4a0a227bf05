import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type ArgoObjectsWish,
  argoObjects,
  type ManifestMode,
  manifestFiles,
} from "../../src/install/argo-objects.js";
import { readManifest, renderManifest } from "../../src/install/manifest.js";
import type { PodRunner } from "../../src/kube/kinds.js";
import type { KubeObject } from "../../src/kube/object.js";
import { readYaml } from "../../src/yaml.js";
import { isSharedMissing, sharedArgoInstall } from "../cluster/shared.js";
import { checksumOf } from "./canonical.js";

const plain: ArgoObjectsWish = {
  mode: "all",
  image: "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
  namespace: "argocd",
  anonymous: false,
};

function released(tag: string, mode: ManifestMode, ha = false) {
  const texts = manifestFiles(mode, tag, ha).map((file) => sharedArgoInstall(tag, file));
  return readManifest(texts.join("\n---\n"), tag);
}

/** What `kustomize build` printed for the same wish: lines of tag, wish (an image of null: the stock one) and checksum. */
const built = readFileSync(new URL("kustomize-built.tsv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("\t") as [tag: string, wish: string, checksum: string]);

describe.skipIf(isSharedMissing("argo-cd/v2.8.4", "argo-cd/v2.2.16", "argo-cd/v3.6.1"))(
  "of real releases",
  () => {
    test.each(built)("%s %s is what kustomize builds", (tag, wish, checksum) => {
      const { ha, image, ...rest } = {
        ...plain,
        ...(JSON.parse(wish) as Partial<ArgoObjectsWish & { ha: boolean }>),
      };
      const manifest = released(tag, rest.mode, ha);
      const objects = argoObjects(manifest.keys(), { ...rest, image: image ?? undefined });
      const printed = [...renderManifest(objects, manifest)].join("");
      expect(checksumOf(readYaml(printed))).toBe(checksum);
    });

    test("documents that nothing is changed in are printed as they were", () => {
      const manifest = released("v2.8.4", "all");
      const objects = argoObjects(manifest.keys(), { ...plain, namespace: "team-a" });
      const same = objects.filter((object) => manifest.has(object)).map(({ kind }) => kind);
      expect(new Set(same)).toEqual(new Set(["CustomResourceDefinition", "ClusterRole"]));
    });
  },
);

/** A Deployment of Argo CD with one container. */
function deployment(name: string, container: Record<string, unknown>): KubeObject {
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { template: { spec: { containers: [{ name, ...container }] } } },
  };
  return object;
}

const stock = "quay.io/argoproj/argocd:v2.8.4";
const server = deployment("argocd-server", { image: stock, args: ["/usr/local/bin/argocd-server"] });
const controller = { command: ["argocd-application-controller"], image: "registry.example/argocd:v2.8.4" };

const imagesIn = (objects: readonly KubeObject[]) =>
  objects.flatMap(
    (object) => (object as PodRunner).spec?.template?.spec?.containers?.map(({ image }) => image) ?? [],
  );

test.each([
  [stock, plain.image],
  ["quay.io/argoproj/argocd", plain.image],
  [`${stock}@sha256:${"0".repeat(64)}`, plain.image],
  [`quay.io/argoproj/argocd@sha256:${"0".repeat(64)}`, plain.image],
  ["redis:7.0.11-alpine", "redis:7.0.11-alpine"],
  ["quay.io/argoproj/argocd-applicationset:v0.4.1", "quay.io/argoproj/argocd-applicationset:v0.4.1"],
])("of a container with %s it becomes %s", (image, wanted) =>
  expect(imagesIn(argoObjects([server, deployment("other", { image })], plain))).toEqual([
    plain.image,
    wanted,
  ]),
);

test("a container of Argo CD that would keep its own image is an error, never a silent stock install", () => {
  expect(() => argoObjects([server, deployment("argocd-controller", controller)], plain)).toThrow(
    expect.objectContaining({
      message: `Cannot put ${plain.image} into container argocd-controller of Deployment argocd-controller: it has registry.example/argocd:v2.8.4, not quay.io/argoproj/argocd`,
      hint: "Take the manifests as Argo CD's release has them",
      exitCode: 1,
    }),
  );
  const none = [deployment("argocd-redis", { image: "redis:7" })];
  expect(() => argoObjects(none, plain)).toThrow(
    `Cannot put ${plain.image} into these manifests: nothing in them runs Argo CD`,
  );
});

test("the accounts of ClusterRoleBindings follow the namespace", () => {
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "argocd-server" },
    subjects: [
      { kind: "ServiceAccount", name: "argocd-server", namespace: "argocd" },
      { kind: "Group", name: "admins" },
    ],
  };
  const objects = argoObjects([binding, server], { ...plain, namespace: "team-a" });
  expect(objects.find(({ kind }) => kind === "ClusterRoleBinding")).toEqual({
    ...binding,
    subjects: [
      { kind: "ServiceAccount", name: "argocd-server", namespace: "team-a" },
      { kind: "Group", name: "admins" },
    ],
  });
});

test("all images can come from one registry, but for the one that was asked for", () => {
  const images = ["ghcr.io/dexidp/dex:v2.37.0", "redis:7", "localhost/x/y:1", "registry.example:5000/z:2"];
  const others = images.map((image, index) => deployment(`other-${index}`, { image }));
  const wish = { ...plain, registry: "mirror.example:5000/argo" };
  expect(imagesIn(argoObjects([server, ...others], wish))).toEqual([
    plain.image,
    "mirror.example:5000/argo/dexidp/dex:v2.37.0",
    "mirror.example:5000/argo/redis:7",
    "mirror.example:5000/argo/x/y:1",
    "mirror.example:5000/argo/z:2",
  ]);
  const twins = [deployment("a", { image: "a.example/redis:7" }), deployment("b", { image: "redis:7" })];
  expect(() => argoObjects([server, ...twins], wish)).toThrow(
    "Cannot take all images from mirror.example:5000/argo: a.example/redis:7 and redis:7 would both be mirror.example:5000/argo/redis:7",
  );
});

test("a pull secret reaches every Pod", () => {
  const redis = deployment("argocd-redis", { image: "redis:7" });
  const pods = argoObjects([server, redis], { ...plain, pullSecret: "a" }).slice(1);
  expect(pods.map((object) => (object as PodRunner).spec?.template?.spec?.imagePullSecrets)).toEqual([
    [{ name: "a" }],
    [{ name: "a" }],
  ]);
});
