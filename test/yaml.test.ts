import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readYaml, renderYaml, YamlError } from "../src/yaml.js";

describe("readYaml() reads what repositories hold", () => {
  test.each<[string, string, unknown[]]>([
    ["nothing", "", []],
    ["comments only", "# yaml-language-server: $schema=x\n\n# end\n", []],
    ["empty documents", "---\n---\n# x\n---\na: 1\n---\n", [null, null, { a: 1 }, null]],
    ["the end of a document", "a: 1\n...\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
    ["a byte order mark", "\uFEFFa: 1\n", [{ a: 1 }]],
    ["byte order marks of files behind each other", "\uFEFFa: 1\n---\n\uFEFFb: 2\n", [{ a: 1 }, { b: 2 }]],
    [
      "CRLF",
      "a: 1\r\nb:\r\n- x\r\nc: |\r\n  y\r\n  z\r\n---\r\nd: 2\r\n",
      [{ a: 1, b: ["x"], c: "y\nz\n" }, { d: 2 }],
    ],
    ["an anchor", "a: &x {p: 1}\nb: *x\n", [{ a: { p: 1 }, b: { p: 1 } }]],
    ["an anchor that is defined again", "a: &x 1\nb: &x 2\nc: *x\n", [{ a: 1, b: 2, c: 2 }]],
    [
      "a merge key, own fields first",
      "a: &x {p: 1, q: 1}\nb: {<<: *x, q: 2}\n",
      [{ a: { p: 1, q: 1 }, b: { p: 1, q: 2 } }],
    ],
    [
      "a list of merge keys, the first wins",
      "a: &x {p: 1}\nb: &y {p: 2, r: 2}\nc: {<<: [*x, *y]}\n",
      [{ a: { p: 1 }, b: { p: 2, r: 2 }, c: { p: 1, r: 2 } }],
    ],
    [
      "tags of other programs",
      "a: !Ref x\nb: !reference [c, d]\nc: !vault {e: f}\nd: !!python/name:g h\n",
      [{ a: "x", b: ["c", "d"], c: { e: "f" }, d: "h" }],
    ],
    [
      "tags of YAML itself",
      'a: !!str 123\nb: !!int "3"\nc: !!binary aGk=\nd: !!timestamp 2026-01-02\n',
      [{ a: "123", b: 3, c: "aGk=", d: "2026-01-02" }],
    ],
    [
      "dates and the words of YAML 1.1 as text",
      "a: 2026-01-02\nb: yes\nc: off\nd: 12:30\ne: 1_000\n",
      [{ a: "2026-01-02", b: "yes", c: "off", d: "12:30", e: "1_000" }],
    ],
    ["JSON", '{"a": "\\ud83d\\ude00", "b": "\\/", "c": [1, null]}', [{ a: "😀", b: "/", c: [1, null] }]],
    ["JSON with tabs", '{\n\t"a": 1,\n\t"b": [\n\t\t2\n\t]\n}\n', [{ a: 1, b: [2] }]],
    [
      "JSON texts behind each other",
      '{\n  "a": 1\n}\n{\n  "b": 2\n}\n{"c": 3}\n{"d": 4}\n',
      [{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }],
    ],
    ["a field called __proto__", "__proto__: {a: 1}\n", [JSON.parse('{"__proto__": {"a": 1}}')]],
  ])("%s", (_, text, documents) => {
    const read = readYaml(text);
    expect(read).toEqual(documents);
    expect(JSON.stringify(read)).toBe(JSON.stringify(documents));
  });

  test("nested as deep as any CRD", () => {
    const depth = 400;
    let value = readYaml("[".repeat(depth) + "]".repeat(depth))[0];
    for (let level = 1; level < depth; level++) [value] = value as unknown[];
    expect(value).toEqual([]);
  });
});

describe("readYaml() says where a text is no YAML", () => {
  test.each<[string, string, string, number, number]>([
    ["a key twice", "a:\n  b: 1\n  b: 2\n", "duplicated mapping key", 3, 3],
    ["a key twice in JSON", '{\n  "a": 1,\n  "a": 2\n}', "duplicated mapping key", 3, 4],
    ["tabs as indentation", "a:\n\tb: 1\n", "tab characters must not be used in indentation", 2, 1],
    ["indentation", "a:\n  - b\n c: 1\n", "bad indentation of a mapping entry", 3, 2],
    ["indentation, with CRLF", "a: 1\r\nb: c: d\r\n", "bad indentation of a mapping entry", 2, 5],
    ["a template's value", "a: 1\nb:\n  name: {{ .Values.name }}\n", "{{ is no YAML, but a template", 3, 9],
    ["a template's line", "a:\n  {{- include x }}\nb: 1\n", "{{ is no YAML, but a template", 2, 3],
    ["an unknown anchor", "a: 1\nb: *x\n", 'unidentified alias "x"', 2, 5],
    ["an open quote", "a: 1\nb: 'c", "unexpected end of the stream within a single quoted scalar", 2, 6],
    [
      "a merge conflict",
      "<<<<<<< HEAD\na: 1\n",
      "end of the stream or a document separator is expected",
      2,
      2,
    ],
    ["endless nesting", "[".repeat(100_000), "nesting exceeded maxDepth (1000)", 1, 1000],
  ])("%s", (_, text, reason, line, column) => {
    const error = failureOf(() => readYaml(text));
    expect(error).toBeInstanceOf(YamlError);
    expect(error).toMatchObject({ message: reason, line, column });
  });

  test("in JSON texts behind each other, the line stays right", () => {
    expect(failureOf(() => readYaml('{"a": 1}\n{"b": 2}\n{"c": 3, "c": 4}\n'))).toMatchObject({ line: 3 });
  });
});

/** What some reader of YAML would take for something else, or for the end of the text. */
const treacherous = [
  ..."true True TRUE false yes Yes NO no on off y n Y N null Null ~ 0 123 -1 +1 1.10 1. .5 1e3 1e+3 1E3".split(
    " ",
  ),
  ...". +. ..5 e1 E3 .e3 -e-5 1._ 2026-1-2 2026-1-2T3:4:5 0x10 0o10 010 08 0b101 1_000 685.230_15e+03 12:30 190:20:30 2026-01-02 .inf -.INF .nan = << - ? :".split(
    " ",
  ),
  ..."a: a:b :a #a *a &a !a %a @a `a {a [a a] a} | > ' \" \\ --- ... ${VAR} ${VAR:=x} $${X} {{x}}".split(" "),
  "",
  " ",
  "  lead",
  "trail ",
  "a: b",
  "a #b",
  "- a",
  "? a",
  "a, b",
  "--- a",
  "it's",
  'say "no"',
  "2001-12-14t21:59:43.10-05:00",
  "a\nb",
  "\na",
  "a\n",
  "a\n\n",
  "\n",
  " a\n  b",
  "a\r\nb",
  "a\rb",
  "a\tb",
  "\t",
  "#a\nb",
  "a\\nb",
  "\u0000",
  "\u0007",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u2029",
  "\uFEFFa",
  "a\uFEFF",
  "\uFFFE",
  "\ud800",
  "😀",
  "x".repeat(253),
  `${"a".repeat(90)} ${"b".repeat(90)}`,
  "constructor",
  "__proto__",
  "toString",
];

describe("renderYaml() keeps a text what it is", () => {
  const readers: [string, (yaml: string) => unknown][] = [
    ["readYaml", (yaml) => readYaml(yaml)[0]],
    ["yaml as 1.1", (yaml) => parse(yaml, { version: "1.1" })],
    ["yaml as 1.2", (yaml) => parse(yaml, { version: "1.2" })],
  ];
  test.each(treacherous)("%j", (text) => {
    const data = { metadata: { name: text, list: [text], labels: Object.fromEntries([[text, text]]) } };
    const yaml = renderYaml(data);
    for (const [reader, read] of readers) expect(read(yaml), `${reader}: ${yaml}`).toEqual(data);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  test("what stands twice is written twice", () => {
    const same = { a: "b" };
    expect(renderYaml({ c: same, d: same })).toBe("---\nc:\n  a: b\nd:\n  a: b\n");
  });
});

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
