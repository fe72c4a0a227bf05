import { expect, test } from "vitest";
import { type ListFormat, type ListView, printList } from "../../src/output/list-view.js";
import { cutTo, openTable, renderTable, widthOf } from "../../src/output/table.js";
import { painter, Voice } from "../../src/output/voice.js";
import { captured } from "./captured.js";

test("columns are aligned, two spaces between them, nothing behind the last", () => {
  expect(
    renderTable(
      ["NAME", "N", "LAST"],
      [
        ["a", "100", "x"],
        ["long-name", "2", ""],
      ],
    ),
  ).toBe("NAME       N    LAST\na          100  x\nlong-name  2\n");
});

test("without rows there is no table", () => expect(renderTable(["NAME"], [])).toBe(""));

test("line breaks, tabs and escapes cannot break a line", () => {
  expect(renderTable(["A", "B"], [["one\r\n\ttwo\n", "\x1b[31mred"]])).toBe(
    "A        B\none two  \\x1b[31mred\n",
  );
});

test.each([
  ["plain", 5],
  ["", 0],
  ["grün", 4],
  ["e\u0301", 1],
  ["日本語", 6],
  ["한국", 4],
  ["ｆｕｌｌ", 8],
  ["✔ ok", 4],
  ["🚀", 2],
  ["👩‍👩‍👧", 2],
  ["🇩🇪", 2],
  ["❤️", 2],
  ["a\u200bb", 2],
  ["𠀋", 2],
])("%s takes %i columns", (text, width) => expect(widthOf(text)).toBe(width));

test("wide characters keep the columns straight", () => {
  expect(
    renderTable(
      ["NAME", "B"],
      [
        ["日本", "x"],
        ["ab", "y"],
      ],
    ),
  ).toBe("NAME  B\n日本  x\nab    y\n");
});

interface Fruit {
  name: string;
  colour: string | null;
}

const view: ListView<Fruit> = {
  columns: { NAME: ({ name }) => name, COLOUR: ({ colour }) => colour },
  wide: { LENGTH: ({ name }) => String(name.length) },
  name: ({ name }) => `fruit/${name}`,
  empty: "No fruit",
};
const fruit: Fruit[] = [
  { name: "apple", colour: "red" },
  { name: "true", colour: null },
];

async function printed(items: Fruit[], format: ListFormat): Promise<[stdout: string, stderr: string]> {
  const [stdout, stderr] = [captured(), captured()];
  const say = new Voice({ stderr, env: {} });
  await printList(items, view, format, { stdout, say, signal: new AbortController().signal });
  return [stdout.stream.text, stderr.stream.text];
}

test.each<[ListFormat, string, string]>([
  ["table", "NAME   COLOUR\napple  red\ntrue   -\n", ""],
  ["wide", "NAME   COLOUR  LENGTH\napple  red     5\ntrue   -       4\n", ""],
  ["name", "fruit/apple\nfruit/true\n", ""],
  ["yaml", "---\nitems:\n- name: apple\n  colour: red\n- name: 'true'\n  colour: null\n", ""],
])("a list as %s", async (format, stdout) => expect(await printed(fruit, format)).toEqual([stdout, ""]));

test("a list as json", async () => {
  const [stdout] = await printed(fruit, "json");
  expect(JSON.parse(stdout)).toEqual({ items: fruit });
});

test.each<[ListFormat, string, string]>([
  ["table", "", "► No fruit\n"],
  ["wide", "", "► No fruit\n"],
  ["name", "", "► No fruit\n"],
  ["json", '{\n  "items": []\n}\n', ""],
  ["yaml", "---\nitems: []\n", ""],
])("an empty list as %s", async (format, stdout, stderr) =>
  expect(await printed([], format)).toEqual([stdout, stderr]),
);

test("openTable() goes on as wide as it began", () => {
  const row = openTable(["NAME", "N"], [["podinfo", "1"]]);
  expect(
    [
      ["NAME", "N"],
      ["podinfo", "1"],
      ["a-longer-name", "2"],
    ].map(row),
  ).toEqual(["NAME     N\n", "podinfo  1\n", "a-longer-name  2\n"]);
});

test.each([
  ["abcdef", 4, "abcd"],
  ["abc", 4, "abc"],
  ["日本語", 4, "日本"],
  ["日本語", 5, "日本"],
  ["e\u0301a", 1, "e\u0301"],
])("cutTo(%s, %i)", (line, columns, cut) => expect(cutTo(line, columns)).toBe(cut));

test("a cell that is coloured takes no more room", () =>
  expect(
    renderTable(
      ["A", "B"],
      [
        ["one", "1"],
        ["three", "3"],
      ],
      (text, row, column) => (column === 0 && row === 0 ? `\x1b[31m${text}\x1b[39m` : text),
    ),
  ).toBe("A      B\n\x1b[31mone\x1b[39m    1\nthree  3\n"));

test.each([
  [true, {}, "\x1b[32mHealthy\x1b[39m"],
  [true, { NO_COLOR: "1" }, "Healthy"],
  [true, { CI: "true" }, "Healthy"],
  [false, {}, "Healthy"],
])("colour on a terminal only: %j %j", (isTTY, env, painted) => {
  const screen = { stream: process.stdout, isTTY, columns: 80 };
  expect(painter(screen, env)("green", "Healthy")).toBe(painted);
  expect(painter(screen, env)(undefined, "Healthy")).toBe("Healthy");
});
