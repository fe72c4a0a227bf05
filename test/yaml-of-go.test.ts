import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readYaml } from "../src/yaml.js";
import { goRun, NoPrograms } from "./cluster/go-build.js";

/** What YAML forbids or js-yaml refuses, and kubectl and kustomize read. */
const read: [string, string, unknown][] = [
  ["a bracket at its key's indentation", "a:\n  b: [\n    c,\n  ]\n", { a: { b: ["c"] } }],
  ["a brace", "a:\n  b: {\n    c: d\n  }\n  e: f\n", { a: { b: { c: "d" }, e: "f" } }],
  ["a bracket at the root", "a: [\n  b\n]\nc: d\n", { a: ["b"], c: "d" }],
  ["a bracket of a list's item", "- a: [\n    b\n  ]\n  c: d\n- [\n  e\n]\n", [{ a: ["b"], c: "d" }, ["e"]]],
  [
    "a bracket left of its key",
    "a:\n  b:\n    c: [\n      d\n]\n  e: f\n",
    { a: { b: { c: ["d"] }, e: "f" } },
  ],
  [
    "entries at the key's indentation",
    "a:\n  b: [\n  c,\n\n d,\n# e\n{f: g}\n]\n",
    { a: { b: ["c", "d", { f: "g" }] } },
  ],
  ["tabs between brackets", "a: {\n\tb: c\n}\n", { a: { b: "c" } }],
  ["with CRLF", "a:\r\n  b: [\r\n    c\r\n  ]\r\n", { a: { b: ["c"] } }],
  ["a text in double quotes that goes on at its key", 'a:\n  b: "c\n  d"\n', { a: { b: "c d" } }],
  ["at the root", 'a: "b\nc"\n', { a: "b c" }],
  ["over empty lines", 'a:\n  b: "c\n\n  d\ne\\\n  f"\n', { a: { b: "c\nd ef" } }],
  ["in single quotes", "a:\n- 'b\nc''d\n'\n- e\n", { a: ["b c'd ", "e"] }],
  ["an escaped single quote in double quotes", 'a: "b\\\'c"\n', { a: "b'c" }],
  ["an alias as a key", "a: &x k\nb:\n  *x: c\n", { a: "k", b: { k: "c" } }],
  ["of a map", "a: &x-1 k\nb:\n  *x-1:\n    c: d\n  e: f\n", { a: "k", b: { k: { c: "d" }, e: "f" } }],
  ["of nothing", "a: &x k\nb:\n- *x:\n- {c: d, *x: e}\n", { a: "k", b: [{ k: null }, { c: "d", k: "e" }] }],
  ["a comment behind a comma", "a: [b,#c\n  d]#e\nf: 'g'#h\n", { a: ["b", "d"], f: "g" }],
  ["a dash between brackets", "a: [-]\nb: {c: -, d: e}\n", { a: ["-"], b: { c: "-", d: "e" } }],
  ["tags that are addresses", "a: !<tag:example.com,2000:b> c\n", { a: "c" }],
  [
    "texts that only look so",
    "a:\n  b: [\n  c\n  ]\nd: |\n  e: [\n  f\n  *x: g\n  [h,#i\n",
    { a: { b: ["c"] }, d: "e: [\nf\n*x: g\n[h,#i\n" },
  ],
];

/** Each with the line and column where it is told. */
const refused: [string, string, number, number, string][] = [
  ["a bracket that stays open", "a:\n  b: [c\n  d: e\nf: g\n", 3, 3, "deficient indentation"],
  ["until the next document", "a:\n  b: [\n---\nc: ]\n", 3, 1, "deficient indentation"],
  ["a quote that stays open", 'a: "b\nc: d\ne: f\n', 2, 1, "deficient indentation"],
  ["and meets the next one", 'a: "b\nc: d\ne: "f"\n', 2, 1, "deficient indentation"],
  ["a template", "a:\n  b: [\n  c\n  ]\n  d: {{ .e }}\n", 5, 6, "{{ is no YAML, but a template"],
  [
    "a missing comma behind a bracket at its key",
    "a:\n  b: [\n    c\n  ]\n  d: [\n    'e'\n    'f'\n  ]\n",
    7,
    5,
    "missed comma between flow collection entries",
  ],
  ["a key twice behind one", "a:\n  b: [\n  c\n  ]\n  d: 1\n  d: 2\n", 6, 3, "duplicated mapping key"],
  ["an alias of nothing as a key", "a:\n  *x: b\n", 2, 7, "bad indentation of a mapping entry"],
  ["an escape that there is not", 'a: [\n"b\\.c"\n]\n', 2, 4, "unknown escape sequence"],
  ["a key twice between brackets", "a: {\nb: 1,\nb: 2\n}\n", 3, 1, "duplicated mapping key"],
  ["tabs as indentation", "a:\n\tb: c\n", 2, 1, "tab characters must not be used in indentation"],
];

describe("readYaml() reads what Go reads", () => {
  test.each(read)("%s", (_, text, document) => expect(readYaml(text)).toEqual([document]));

  test("documents behind it", () =>
    expect(readYaml("a: [\nb\n]\n---\nc: d\n")).toEqual([{ a: ["b"] }, { c: "d" }]));
});

describe("readYaml() refuses what Go refuses", () => {
  test.each(refused)("%s", (_, text, line, column, message) =>
    expect(() => readYaml(text)).toThrow(expect.objectContaining({ message, line, column })),
  );

  test("in a moment, however much there is of it", () => {
    const lines = "c: d\n".repeat(20_000);
    expect(() => readYaml(`a: "b\n${lines}`)).toThrow(expect.objectContaining({ line: 2 }));
  });
});

describe("kubectl and kustomize say the same", () => {
  type Answer = { kubectl: unknown; kustomize: unknown };
  let answers: Answer[] | string;

  beforeAll(async () => {
    const texts = [...read, ...refused].map(([, text]) => text);
    const folder = fileURLToPath(new URL("go/yaml", import.meta.url));
    answers = await goRun(folder, JSON.stringify(texts)).then(JSON.parse, (error) => {
      if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
      return error.message;
    });
  }, 300_000);

  test.for(read.map(([what, , document], index) => ({ what, document, index })))(
    "$what",
    ({ document, index }, { skip }) => {
      if (typeof answers === "string") return skip(answers);
      expect(answers[index]).toEqual({ kubectl: document, kustomize: document });
    },
  );

  test.for(refused.map(([what], index) => ({ what, index: read.length + index })))(
    "$what",
    ({ index }, { skip }) => {
      if (typeof answers === "string") return skip(answers);
      expect(answers[index]?.kustomize).toBeNull();
    },
  );
});
