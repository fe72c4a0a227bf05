import { expect, test } from "vitest";
import type { Shown } from "../../../src/applications/shown/row.js";
import { redrawing, telling } from "../../../src/commands/get/draw.js";
import type { Picture } from "../../../src/commands/get/follow.js";
import { UserError } from "../../../src/errors.js";
import type { ListView } from "../../../src/output/list-view.js";
import { knownOf, rowOf } from "../../applications/shown/scene.js";
import { generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";

const view: ListView<Shown> = {
  columns: { APP: ({ name }) => name, READY: ({ ready }) => ready, MESSAGE: ({ message }) => message },
  name: ({ name }) => name ?? "",
  empty: "None",
};

const row = (name: string, ready: Shown["ready"], message = ""): Shown => ({
  ...rowOf(generated(ks(name)), knownOf([])),
  ready,
  message,
});

const picture = (...rows: Shown[]): Picture => ({ rows, troubles: new Map() });
const notReady = ({ ready }: Shown) => ready !== "True";

test("telling() prints all rows, then those that change", () => {
  const tell = telling(view, "table", () => true);
  const b = row("b", "True");
  expect(tell(picture(row("a", "True", "applied"), b))).toBe(
    "APP  READY  MESSAGE\na    True   applied\nb    True\n",
  );
  expect(tell(picture(row("a", "True", "applied"), b))).toBe("");
  expect(tell(picture(row("a", "False", "no such file"), b))).toBe("a    False  no such file\n");
  expect(tell(picture(b, row("longer", "True")))).toBe("longer  True\na    -      the Application is gone\n");
});

test("telling() has no head before there are rows", () => {
  const tell = telling(view, "table", () => true);
  expect(tell(picture())).toBe("");
  expect(tell(picture(row("a", "True")))).toBe("APP  READY  MESSAGE\na    True\n");
});

test("telling() prints what is not asked for any more once", () => {
  const tell = telling(view, "table", notReady);
  expect(tell(picture(row("a", "False"), row("b", "True")))).toBe("APP  READY  MESSAGE\na    False\n");
  expect(tell(picture(row("a", "True", "applied"), row("b", "True")))).toBe("a    True   applied\n");
  expect(tell(picture(row("a", "True", "applied again"), row("b", "True")))).toBe("");
  expect(tell(picture(row("b", "Unknown")))).toBe("b    Unknown\n");
});

test("telling() as JSON is an item a line", () => {
  const tell = telling(view, "json", () => true);
  const [first, second] = [row("a", "True"), row("b", "True")];
  const parsed = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  expect(parsed(tell(picture(first, second)))).toEqual([first, second]);
  expect(parsed(tell(picture(second)))).toEqual([
    { ...first, state: "deleted", ready: null, health: null, message: "the Application is gone", notes: [] },
  ]);
});

test("redrawing() draws over what was there, as much as fits", () => {
  const stream = process.stdout;
  const draw = redrawing(
    view,
    "table",
    () => true,
    () => ({ stream, isTTY: true, columns: 14, rows: 5 }),
  );
  const rows = ["a", "b", "c", "d"].map((name) => row(name, "True", "applied"));
  expect(draw(picture(...rows.slice(0, 1)))).toBe(
    "\x1b[H\x1b[J\x1b[HAPP  READY  ME\x1b[K\na    True   ap\x1b[K\n\x1b[J",
  );
  expect(draw(picture(...rows))).toBe(
    "\x1b[HAPP  READY  ME\x1b[K\na    True   ap\x1b[K\nb    True   ap\x1b[K\n… and 2 more\x1b[K\n\x1b[J",
  );
  const troubles = new Map([["x", new UserError("Cannot watch")]]);
  expect(draw({ rows: rows.slice(0, 1), troubles })).toBe(
    "\x1b[HAPP  READY  ME\x1b[K\na    True   ap\x1b[K\n⚠ Cannot watch\x1b[K\n\x1b[J",
  );
  expect(draw(picture())).toBe("\x1b[H► None\x1b[K\n\x1b[J");
});

test("redrawing() takes a terminal without a size for one of 80 by 24", () => {
  const screen = { stream: process.stdout, isTTY: true, columns: 0, rows: 0 };
  const draw = redrawing(
    view,
    "table",
    () => true,
    () => screen,
  );
  const long = "applied ".repeat(20);
  expect(draw(picture(row("a", "True", long)))).toBe(
    `\x1b[H\x1b[J\x1b[HAPP  READY  MESSAGE\x1b[K\n${`a    True   ${long}`.slice(0, 80)}\x1b[K\n\x1b[J`,
  );
});
