import { expect, test } from "vitest";
import type { Kind } from "../../src/kube/object.js";
import { objectId, renderId } from "../../src/kube/object-id.js";

const Pod: Kind = { group: "", kind: "Pod", plural: "pods" };

test("names of objects in sentences", () => {
  expect(renderId(objectId(Pod, { namespace: "a", name: "b" }))).toBe("Pod b in a");
  expect(renderId(objectId(Pod, { name: "b" }))).toBe("Pod b");
});
