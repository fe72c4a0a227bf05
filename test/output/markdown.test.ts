import { describe, expect, test } from "vitest";
import { markdownCode, markdownLines, markdownTable } from "../../src/output/markdown.js";

test.each([
  ["apps/web", "`apps/web`"],
  ["", ""],
  [
    "@team #1 [x](https://evil.example) <img src=x> <!-- *a*",
    "`@team #1 [x](https://evil.example) <img src=x> <!-- *a*`",
  ],
  ["a\n\n# b\r\t\u202e", "<code>a&#92;n&#92;n&#35; b&#92;r&#92;t&#92;u202e</code>"],
  ["a|b", "<code>a&#124;b</code>"],
  ["a\\", "<code>a&#92;</code>"],
  ["`@team`</code>", "<code>&#96;&#64;team&#96;&#60;&#47;code&#62;</code>"],
  [`a${"x".repeat(300)}b`, `\`a${"x".repeat(98)}…${"x".repeat(99)}b\``],
  // no character is cut into halves
  [`${"x".repeat(98)}😀${"y".repeat(200)}`, `\`${"x".repeat(98)}…${"y".repeat(100)}\``],
  [`${"x".repeat(200)}😀${"y".repeat(100)}`, `\`${"x".repeat(99)}…${"y".repeat(100)}\``],
])("markdownCode(%j)", (text, expected) => expect(markdownCode(text)).toBe(expected));

test.each<[lines: string[], cell: string]>([
  [["a", "b"], "a<br>b"],
  [["a", "b".repeat(6000), "c"], "a<br>and 2 more"],
])("markdownLines()", (lines, cell) => expect(markdownLines(lines)).toBe(cell));

describe("markdownTable()", () => {
  const rows = [["a"], ["b"], ["c"]];
  const more = (count: number) => `${count} more`;
  const head = "| X |\n| --- |\n";
  test.each([
    ["has all that there is room for", 100, `${head}| a |\n| b |\n| c |\n`],
    ["and counts the others", head.length + 14, `${head}| a |\n\n2 more\n`],
    ["to the last character", head.length + 13, `${head}\n3 more\n`],
    ["down to none", 0, `${head}\n3 more\n`],
  ])("%s", (_, room, expected) => {
    const table = markdownTable(["X"], rows, room, more);
    expect(table).toBe(expected);
    if (room > 0) expect(table.length).toBeLessThanOrEqual(room);
  });
});
