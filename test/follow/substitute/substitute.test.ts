import { describe, expect, test } from "vitest";
import type { PostBuild } from "../../../src/flux/kustomization.js";
import { lookUpIn } from "../../../src/follow/references.js";
import { substitute } from "../../../src/follow/substitute/substitute.js";
import { idOf, keyOf } from "../../../src/kube/object-id.js";
import { ks } from "../../builders/flux.js";

const made = (kind: string, name: string, rest: object) => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "apps" },
  ...rest,
});
const base64 = (text: string) => Buffer.from(text).toString("base64");
const known = [
  made("ConfigMap", "settings", { data: { A: "map", N: "3", LINES: "a\nb\n" } }),
  made("Secret", "plain", { data: { A: base64("secret") }, stringData: { B: "text" } }),
  made("Secret", "sops", { stringData: { A: "ENC[AES256_GCM,data:x]", C: "clear" } }),
  made("ConfigMap", "bad", { data: { "not-a-name": "x" } }),
];
const lookUp = lookUpIn(new Map(known.map((object) => [keyOf(idOf(object)), object])));

/** What becomes of a text in a ConfigMap. */
function put(text: string, postBuild: PostBuild | undefined, metadata: object = {}) {
  const object = made("ConfigMap", "target", { data: { text } });
  const target = { ...object, metadata: { ...object.metadata, ...metadata } };
  const { objects, problems, unknown } = substitute([target], ks("web", { postBuild }), lookUp);
  const data = (objects[0] as { data?: { text: unknown } } | undefined)?.data;
  return problems.length > 0 ? problems.map(({ message }) => message) : { text: data?.text, unknown };
}

const from = (kind: string, name: string, optional?: boolean) => ({
  kind,
  name,
  ...(optional !== undefined && { optional }),
});
const all = [from("ConfigMap", "settings"), from("Secret", "plain")];

describe("substitute()", () => {
  test.each<[string, PostBuild | undefined, text: string, unknown: string, names: string[]]>([
    ["nothing without variables", undefined, "${A:=x} $$", "${A:=x} $$", []],
    ["all the same with Always", { substituteStrategy: "Always" }, "${A:=x} $$", "x $", []],
    ["inline wins", { substitute: { A: "inline" }, substituteFrom: all }, "${A} ${B}", "inline text", []],
    ["later wins", { substituteFrom: all }, "${A}", "secret", []],
    ["newlines are dropped", { substituteFrom: all }, "${LINES}", "ab", []],
    ["undefined is empty where all is known", { substituteFrom: all }, "-${GONE}-", "--", []],
    [
      "absent and optional is empty",
      { substituteFrom: [from("Secret", "gone", true)], substitute: { A: "a" } },
      "${A}${X}",
      "a",
      [],
    ],
    [
      "absent leaves what it may define",
      { substituteFrom: [...all, from("Secret", "gone")] },
      "${A} ${X:=y}",
      "${A} ${X:=y}",
      ["A", "X"],
    ],
    [
      "but not what comes after it",
      { substituteFrom: [from("Secret", "gone"), ...all] },
      "${A} ${X}",
      "secret ${X}",
      ["X"],
    ],
    [
      "SOPS leaves what it encrypts",
      { substituteFrom: [...all, from("Secret", "sops")] },
      "${A} ${B} ${C}",
      "${A} text clear",
      ["A"],
    ],
  ])("%s", (_, postBuild, text, expected, unknown) => {
    expect(put(text, postBuild)).toEqual({ text: expected, unknown });
  });

  test("a value may become a number, as in YAML", () => {
    expect(put("${N}", { substituteFrom: all })).toEqual({ text: 3, unknown: [] });
  });

  test.each([
    { labels: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } },
    { annotations: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } },
  ])("not where an object forbids it", (metadata) =>
    expect(put("${A}", { substitute: { A: "a" } }, metadata)).toEqual({ text: "${A}", unknown: [] }),
  );

  test("what Flux fails with is told", () => {
    expect(put("${A", { substitute: { A: "a" } })).toEqual([
      "Cannot substitute variables in ConfigMap target in apps, which Kustomization web in apps applies: bad substitution: ${A",
    ]);
    expect(put("x", { substituteFrom: [from("ConfigMap", "bad")] })).toEqual([
      'Cannot substitute variables of Kustomization web in apps: "not-a-name" is no name of a variable',
    ]);
  });
});
