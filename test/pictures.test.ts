import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const draw = (input: string) =>
  execFileSync(process.execPath, ["scripts/draw-terminal.mjs"], { input, encoding: "utf8" });

test("the README's picture is drawn from what a terminal showed", () => {
  const shown = readFileSync("docs/images/loopback-tree.txt", "utf8");
  expect(readFileSync("docs/images/loopback-tree.svg", "utf8")).toBe(draw(shown));
});

test("markup in what is shown stays text", () => {
  expect(draw('<a href="x">&')).toContain("&lt;a href=&quot;x&quot;&gt;&amp;</text>");
});
