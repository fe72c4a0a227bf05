import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { objectsOfRelease, releaseSecretName } from "../../src/flux/helm-storage.js";
import type { Secret } from "../../src/kube/kinds.js";

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
])("a Secret that holds %s", (_, secret) => {
  expect(objectsOfRelease(secret, isNamespaced)).toBeUndefined();
});

test("releaseSecretName()", () => expect(releaseSecretName("web", 3)).toBe("sh.helm.release.v1.web.v3"));
