import { expect, test } from "vitest";
import { Progress } from "../../src/output/progress.js";
import { renderTable } from "../../src/output/table.js";
import { Voice } from "../../src/output/voice.js";
import { visible, visibleLines } from "../../src/text/visible.js";
import { captured } from "../output/captured.js";

test.each([
  ["plain text, with ümlauts – and 日本語 😀", "plain text, with ümlauts – and 日本語 😀"],
  ["a\nb\r\tc", "a\\nb\\r\\tc"],
  ["\x1b[2J\x07\x7f\x9b", "\\x1b[2J\\x07\\x7f\\x9b"],
  ["admin\u202enimda\u200b\u2066\ufeff\u2028", "admin\\u202enimda\\u200b\\u2066\\ufeff\\u2028"],
  ["\u{e0041}", "\\u{e0041}"],
])("visible(%j)", (text, shown) => expect(visible(text)).toBe(shown));

test("further lines are further in", () =>
  expect(visibleLines("a\n✔ done\r\n  hint: b\n     c")).toBe("a\n    ✔ done\n    hint: b\n     c"));

const forged = "x\n✔ Reported 9 Applications\n  hint: \x1b[31mgo on";

test("nobody forges a line, a hint or a colour", () => {
  const stderr = captured();
  const say = new Voice({ stderr, env: {} });
  say.warning(forged, forged);
  say.trace(forged);
  const shown = "x\n    ✔ Reported 9 Applications\n    hint: \\x1b[31mgo on\n";
  expect(stderr.stream.text).toBe(`⚠ ${shown}  hint: ${shown}  ${shown}`);
  expect(renderTable(["A"], [[forged]])).toBe("A\nx ✔ Reported 9 Applications   hint: \\x1b[31mgo on\n");
  const screen = { ...captured(), isTTY: true, columns: 200 };
  new Progress(screen, {}).update(forged);
  expect(screen.stream.text).toBe("\r\x1b[2Kx\\n✔ Reported 9 Applications\\n  hint: \\x1b[31mgo on");
});
