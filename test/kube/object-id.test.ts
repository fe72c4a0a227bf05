import { expect, test } from "vitest";
import { Deployment, Namespace, Pod } from "../../src/kube/kinds.js";
import {
  groupOf,
  idOf,
  isOfKind,
  keyOf,
  keyOfReference,
  namespacedName,
  objectId,
  renderId,
  versionOf,
} from "../../src/kube/object-id.js";

test.each([
  ["apps/v1", "apps", "v1"],
  ["v1", "", "v1"],
])("group and version of %s", (apiVersion, group, version) => {
  expect([groupOf(apiVersion), versionOf(apiVersion)]).toEqual([group, version]);
});

test.each([
  [objectId(Deployment, { namespace: "a", name: "b" }), "apps/Deployment/a/b", "a/b", "Deployment b in a"],
  [objectId(Pod, { namespace: "a", name: "b" }), "/Pod/a/b", "a/b", "Pod b in a"],
  [objectId(Namespace, { name: "a" }), "/Namespace//a", "a", "Namespace a"],
])("keys and words for %o", (id, key, name, words) => {
  expect([keyOf(id), namespacedName(id), renderId(id)]).toEqual([key, name, words]);
});

test("an object, what points to it and its kind say the same", () => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { namespace: "a", name: "b" } };
  const id = objectId(Pod, pod.metadata);
  expect(idOf(pod)).toEqual(id);
  expect(keyOfReference({ kind: "Pod", namespace: "a", name: "b" })).toBe(keyOf(id));
  expect([isOfKind(pod, Pod), isOfKind(pod, Deployment)]).toEqual([true, false]);
  expect(isOfKind({ ...pod, apiVersion: "metrics.k8s.io/v1beta1" }, Pod)).toBe(false);
});
