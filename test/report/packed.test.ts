import { expect, test } from "vitest";
import type { LiveObject } from "../../src/kube/object.js";
import { idOf } from "../../src/kube/object-id.js";
import { Packer } from "../../src/report/live/packed.js";

const configMap = (name: string, data: Record<string, string>): LiveObject & { data: object } => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    ...{ name, namespace: "apps", uid: `uid-of-${name}` },
    managedFields: [{ manager: "kustomize-controller", fieldsV1: { "f:data": { "f:a": {} } } }],
  },
  data,
});

test("objects come back as they were, whatever was packed since", () => {
  const packer = new Packer();
  const objects = [
    configMap("first", { a: "ü" }),
    configMap("second", { a: "1" }),
    configMap("long", { a: Array.from({ length: 20_000 }, (_, index) => index).join(" ") }),
    { ...configMap("web", {}), kind: "Secret" },
    configMap("third", { a: "ü" }),
  ];
  const packed = objects.map((object) => packer.pack(object));
  for (const [index, object] of objects.entries()) {
    const { object: unpacked, bytes } = packer.unpack(packed[index] ?? "", idOf(object));
    expect(unpacked).toEqual(object);
    expect(bytes).toBe(Buffer.byteLength(JSON.stringify(object)));
  }
});

test("those after the first of a kind take a fraction of it", () => {
  const packer = new Packer();
  const [first = "", second = ""] = ["first", "second"].map((name) =>
    packer.pack(configMap(name, { a: "1" })),
  );
  expect(second.length).toBeLessThan(first.length / 3);
});
