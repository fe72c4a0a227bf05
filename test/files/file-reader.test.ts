import { describe, expect, test } from "vitest";
import { Contradiction, FileReader } from "../../src/files/file-reader.js";
import { Kustomization } from "../../src/flux/kustomization.js";
import { GitRepository } from "../../src/flux/sources.js";
import type { KubeObject } from "../../src/kube/object.js";

function ks(name: string, more: object = {}, namespace = "apps"): KubeObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace },
    ...more,
  };
}

async function names(reader: FileReader, options = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const page of reader.list(Kustomization, options))
    found.push(...page.map(({ metadata }) => metadata.name));
  return found;
}

describe("FileReader", () => {
  test("kinds are told apart by their group, versions are not", async () => {
    const reader = new FileReader();
    const beta = { ...ks("beta"), apiVersion: "kustomize.toolkit.fluxcd.io/v1beta2" };
    reader.add(beta, "a");
    reader.add({ ...ks("x"), apiVersion: "kustomize.config.k8s.io/v1" }, "a");
    expect(await names(reader)).toEqual(["beta"]);
    expect(await reader.servedVersion(Kustomization)).toBe("v1beta2");
    expect(await reader.servedVersion(GitRepository)).toBeUndefined();
    expect(reader.fileOf(beta)).toBe("a");
  });

  test("find() wants name and namespace, list() narrows by both and by labels", async () => {
    const reader = new FileReader();
    reader.add(ks("a"), "a");
    reader.add(ks("b", {}, "web"), "a");
    expect(await reader.find(Kustomization, { name: "b", namespace: "apps" })).toBeUndefined();
    expect(await reader.find(Kustomization, { name: "b", namespace: "web" })).toMatchObject({
      metadata: { name: "b" },
    });
    expect(await names(reader, { namespace: "web" })).toEqual(["b"]);
    expect(await names(reader, { name: "a" })).toEqual(["a"]);
    expect(await names(reader, { labels: "x=y" })).toEqual([]);
  });

  test("many come in pages", async () => {
    const reader = new FileReader();
    for (let index = 0; index < 1200; index++) reader.add(ks(`app-${index}`), "a");
    const sizes: number[] = [];
    for await (const page of reader.list(Kustomization)) sizes.push(page.length);
    expect(sizes).toEqual([500, 500, 200]);
  });

  test("equal objects are one, whatever the order of their fields; different ones a contradiction", async () => {
    const reader = new FileReader();
    reader.add(ks("a", { spec: { x: 1, y: 2 } }), "one.yaml");
    reader.add(ks("a", { spec: { y: 2, x: 1 } }), "two.yaml");
    expect(await names(reader)).toEqual(["a"]);
    expect(reader.contradictions(Kustomization)).toEqual([]);
    reader.add(ks("a", { spec: { x: 2 } }), "three.yaml");
    expect(await names(reader)).toEqual([]);
    const [contradiction] = reader.contradictions(Kustomization);
    expect(contradiction).toBeInstanceOf(Contradiction);
    expect(contradiction?.message).toBe(
      "Cannot tell which Kustomization a in apps is meant: it stands in one.yaml and in three.yaml, with different content",
    );
    await expect(reader.find(Kustomization, { name: "a", namespace: "apps" })).rejects.toThrow(
      contradiction?.message,
    );
    expect(reader.contradictions(Kustomization, { labels: "a=b" })).toEqual([]);
  });

  test("what only follows from another object gives way to what is written, before or after", async () => {
    for (const first of [true, false]) {
      const reader = new FileReader();
      reader.add(ks("a", { spec: first }), "one.yaml", first);
      reader.add(ks("a", { spec: !first }), "two.yaml", !first);
      expect(await reader.find(Kustomization, { name: "a", namespace: "apps" })).toMatchObject({
        spec: false,
      });
    }
  });
});
