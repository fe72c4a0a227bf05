import { expect, test } from "vitest";
import { objectDiff } from "../../src/kube/object-diff.js";

const object = (kind: string, more: object) => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "a", namespace: "web", resourceVersion: "1" },
  ...more,
});

test("what people write is compared, as a unified diff", async () => {
  const before = object("ConfigMap", { data: { one: "1", two: "2" } });
  const after = object("ConfigMap", { data: { one: "1", two: "3" } });
  expect(await objectDiff("web/a", before, after)).toBe(`--- live/web/a
+++ generated/web/a
@@ -2,7 +2,7 @@
 kind: ConfigMap
 data:
   one: '1'
-  two: '2'
+  two: '3'
 metadata:
   name: a
   namespace: web
`);
  expect(
    await objectDiff("web/a", after, { ...after, metadata: { ...after.metadata, resourceVersion: "2" } }),
  ).toBe("");
  expect(await objectDiff("web/a", null, after)).toContain("+  two: '3'\n");
});

test("of a Secret only which values change is shown", async () => {
  const before = object("Secret", { data: { kept: "aGlkZGVu", changed: "b2xk", gone: "Z29uZQ==" } });
  const after = object("Secret", { data: { kept: "aGlkZGVu", changed: "bmV3", added: "YWRkZWQ=" } });
  const diff = await objectDiff("web/a", before, after);
  expect(diff).toContain(
    "   kept: '***'\n-  changed: '*** (before)'\n-  gone: '***'\n+  changed: '*** (after)'\n+  added: '***'\n",
  );
  for (const value of ["aGlkZGVu", "b2xk", "Z29uZQ", "bmV3", "YWRkZWQ"]) expect(diff).not.toContain(value);
});
