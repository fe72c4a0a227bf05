import { expect, test } from "vitest";
import { dropFields, fieldPaths, mergeFields, pickFields, subtractFields } from "../../src/kube/field-set.js";
import type { FieldsV1 } from "../../src/kube/object.js";

const app = 'k:{"name":"app"}';
const pod = {
  replicas: 2,
  paused: true,
  nodeSelector: { "kubernetes.io/os": "linux" },
  modes: ["a", "b"],
  containers: [
    { name: "app", image: "app:2", env: [{ name: "LEVEL", value: "debug" }] },
    { name: "sidecar", image: "side:1" },
  ],
};
const fields = (...all: FieldsV1[]) => all.reduce(mergeFields, {});
const replicas = { "f:replicas": {} };
const image = { "f:containers": { [app]: { "f:image": {} } } };
const sidecar = {
  "f:containers": { 'k:{"name":"sidecar"}': { ".": {}, "f:name": {}, "f:image": {} } },
};

test.each<[what: string, of: FieldsV1, dropped: object, picked: unknown, paths: string[]]>([
  ["a field", replicas, { replicas: undefined }, { replicas: 2 }, ["replicas"]],
  [
    "a field of an item",
    image,
    { containers: [{ name: "app", env: [{ name: "LEVEL", value: "debug" }] }, pod.containers[1]] },
    { containers: [{ name: "app", image: "app:2" }] },
    ["containers[name=app].image"],
  ],
  [
    "a whole item",
    sidecar,
    { containers: [pod.containers[0]] },
    { containers: [{ name: "sidecar", image: "side:1" }] },
    ["containers[name=sidecar]"],
  ],
  ["an item of a set", { "f:modes": { 'v:"b"': {} } }, { modes: ["a"] }, { modes: ["b"] }, ['modes["b"]']],
  [
    "a key with dots",
    { "f:nodeSelector": { "f:kubernetes.io/os": {} } },
    { nodeSelector: {} },
    { nodeSelector: { "kubernetes.io/os": "linux" } },
    ["nodeSelector[kubernetes.io/os]"],
  ],
  [
    "what is not there",
    { "f:gone": {}, "f:replicas": { "f:x": {} } },
    {},
    { replicas: 2 },
    ["gone", "replicas.x"],
  ],
])("%s", (_, of, dropped, picked, paths) => {
  // undefined stands for what is not there any more
  expect(dropFields(pod, of)).toEqual({ ...pod, ...dropped });
  expect(pickFields(pod, of)).toEqual(picked);
  expect(fieldPaths(of)).toEqual(paths);
});

test.each<[first: FieldsV1, second: FieldsV1, left: FieldsV1]>([
  [fields(replicas, image), {}, fields(replicas, image)],
  [fields(replicas, image), replicas, image],
  [fields(replicas, image), image, replicas],
  [image, image, {}],
  [image, { "f:containers": { [app]: { ".": {} } } }, image],
  [{ "f:spec": { ".": {}, "f:x": {} } }, { "f:spec": { "f:x": {} } }, {}],
])("%j without %j", (first, second, left) => {
  expect(subtractFields(first, second)).toEqual(left);
});
