import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { HelmRelease } from "../../src/flux/helm-release.js";
import {
  isInventoryStored,
  objectsOfRelease,
  releaseSecretName,
  releaseSecretOf,
} from "../../src/flux/helm-storage.js";
import type { Secret } from "../../src/kube/kinds.js";
import { hr } from "../builders/flux.js";

const manifest = `---
# Source: web/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: elsewhere
---
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: web
`;

/** As Helm's driver writes it, which Kubernetes then puts into base64 once more. */
function stored(release: object, zip = true): Secret {
  const json = Buffer.from(JSON.stringify(release));
  const inner = (zip ? gzipSync(json) : json).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: releaseSecretName("web", 3), namespace: "apps" },
    data: { release: Buffer.from(inner).toString("base64") },
  };
}

const isNamespaced = ({ kind }: { kind: string }) => kind !== "ClusterRole";

test.each([true, false])("the objects of a stored release, gzip %s", (zip) => {
  expect(objectsOfRelease(stored({ namespace: "apps", manifest }, zip), isNamespaced)).toEqual([
    { group: "apps", version: "v1", kind: "Deployment", namespace: "apps", name: "web" },
    { group: "", version: "v1", kind: "Service", namespace: "elsewhere", name: "web" },
    { group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole", namespace: "", name: "web" },
  ]);
});

test.each<[string, Secret]>([
  ["nothing", { ...stored({}), data: {} }],
  ["no release", { ...stored({}), data: { release: Buffer.from("aGVsbG8=").toString("base64") } }],
  ["a release without manifest", stored({ namespace: "apps" })],
  ["a release, but is not Helm's", { ...stored({ namespace: "apps", manifest }), type: "Opaque" }],
])("a Secret that holds %s", (_, secret) => {
  expect(objectsOfRelease(secret, isNamespaced)).toBeUndefined();
});

const served = (name: string, version: number, status = "deployed") => ({ name, version, status });

test.each<[spec: object, status: HelmRelease["status"], at: string | undefined]>([
  [{}, {}, undefined],
  [{}, { lastReleaseRevision: 2 }, "apps/sh.helm.release.v1.web.v2"],
  [{}, { history: [served("web", 3)] }, "apps/sh.helm.release.v1.web.v3"],
  [{}, { history: [served("web", 3, "failed"), served("web", 2)] }, "apps/sh.helm.release.v1.web.v2"],
  [{ releaseName: "shop" }, { history: [served("shop", 1)] }, "apps/sh.helm.release.v1.shop.v1"],
  [{ targetNamespace: "shop" }, { history: [served("shop-web", 1)] }, "apps/sh.helm.release.v1.shop-web.v1"],
  [{ storageNamespace: "helm" }, { history: [served("web", 1)] }, "helm/sh.helm.release.v1.web.v1"],
  // tenants write statuses
  [{}, { history: [served("other", 1)] }, undefined],
  [
    {},
    { history: [served("web", 1)], storageNamespace: "victim" } as HelmRelease["status"],
    "apps/sh.helm.release.v1.web.v1",
  ],
])("with the spec %j and the status %j it is stored at %s", (spec, status, at) => {
  const found = releaseSecretOf({ ...hr("apps/web", spec), ...(status ? { status } : {}) });
  expect(found && `${found.namespace}/${found.name}`).toBe(at);
});

test.each<[versions: string[], isStored: boolean]>([
  [["v2beta1"], true],
  [["v2", "v2beta2", "v2beta1"], true],
  [["v2", "v2beta2"], true],
  [["v2"], false],
  [["v3", "v2"], false],
  [[], false],
])("of a Flux that serves HelmReleases in %j the inventory is in Helm's storage: %s", (versions, isStored) =>
  expect(isInventoryStored(versions)).toBe(isStored),
);

test("releaseSecretName()", () => expect(releaseSecretName("web", 3)).toBe("sh.helm.release.v1.web.v3"));
