import { expect, test } from "vitest";
import { Deployment, Pod } from "../../src/kube/kinds.js";
import { pluralOf, resourceName, resourcePath } from "../../src/kube/resource.js";
import { redact, redactUrl } from "../../src/redact.js";

test.each([
  [Deployment, { namespace: "a", name: "b" }, "/apis/apps/v1/namespaces/a/deployments/b"],
  [Deployment, { namespace: "a" }, "/apis/apps/v1/namespaces/a/deployments"],
  [Deployment, {}, "/apis/apps/v1/deployments"],
  [Pod, { namespace: "a", name: "b" }, "/api/v1/namespaces/a/pods/b"],
  [Pod, { name: "system:a/b?c" }, "/api/v1/pods/system%3Aa%2Fb%3Fc"],
])("resourcePath(%o, v1, %o)", (kind, at, path) => expect(resourcePath(kind, "v1", at)).toBe(path));

test.each([
  ["Kustomization", "kustomizations", "Kustomizations"],
  ["HelmRepository", "helmrepositories", "HelmRepositories"],
  ["Ingress", "ingresses", "Ingresses"],
  ["Endpoints", "endpoints", "Endpoints"],
])("pluralOf() %s", (kind, plural, words) => expect(pluralOf({ group: "", kind, plural })).toBe(words));

test("names of kinds", () => {
  expect([resourceName(Deployment), resourceName(Pod)]).toEqual(["deployments.apps", "pods"]);
});

test.each([
  ["https://jane:pw@10.0.0.1:6443/", "https://10.0.0.1:6443"],
  ["https://token@10.0.0.1/k8s/clusters/c-1", "https://10.0.0.1/k8s/clusters/c-1"],
  ["https://10.0.0.1", "https://10.0.0.1"],
])("redactUrl() %s", (url, clean) => {
  expect(redactUrl(url)).toBe(clean);
  expect(redactUrl(new URL(url))).toBe(clean);
});

test("redact() takes out secrets and user names in URLs", () => {
  const text = "s3cret at http://u:p@proxy:3128 and https://a.example/x@y for jane@example.org";
  expect(redact(text, ["s3cret", ""])).toBe(
    "*** at http://proxy:3128 and https://a.example/x@y for jane@example.org",
  );
});
