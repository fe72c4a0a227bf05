import { keyOfRow, type Shown } from "../../applications/shown/row.js";
import { type ListView, tableOf } from "../../output/list-view.js";
import type { Screen } from "../../output/screen.js";
import { cutTo, openTable, renderTable } from "../../output/table.js";
import type { Picture } from "./follow.js";

/** What is to be written of a picture that comes after others. */
export type Drawing = (picture: Picture) => string;

type TableFormat = "table" | "wide";
type Ask = (row: Shown) => boolean;

const cursorHome = "\x1b[H";
const clearLine = "\x1b[K";
const clearBelow = "\x1b[J";

/**
 * For a terminal: the whole table each time, as much as fits, with what may be out of date below it.
 *
 * @param screen asked each time, since its size changes
 */
export function redrawing(
  view: ListView<Shown>,
  format: TableFormat,
  isAsked: Ask,
  screen: () => Screen,
): Drawing {
  const { heads, rowOf } = tableOf(view, format);
  let before = `${cursorHome}${clearBelow}`;
  return ({ rows, troubles }) => {
    const { columns, rows: height } = sizeOf(screen());
    const warnings = [...troubles.values()].map(({ message }) => `⚠ ${message}`);
    const table = renderTable(heads, rows.filter(isAsked).map(rowOf)) || `► ${view.empty}\n`;
    const lines = [...fitting(table.trimEnd().split("\n"), height - 1 - warnings.length), ...warnings];
    const text = lines.map((line) => `${cutTo(line, columns)}${clearLine}\n`).join("");
    const drawn = `${before}${cursorHome}${text}${clearBelow}`;
    before = "";
    return drawn;
  };
}

/** A terminal that does not know how large it is says that it is nothing. */
function sizeOf({ columns, rows }: Screen): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

function fitting(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, Math.max(1, room - 1));
  return [...shown, `… and ${lines.length - shown.length} more`];
}

/** For a pipe: all rows, then each that has changed, and once more one that is not asked for any more or is gone. */
export function telling(view: ListView<Shown>, format: TableFormat | "json", isAsked: Ask): Drawing {
  const render = format === "json" ? jsonLines : tableLines(view, format);
  const told = new Map<string, { row: Shown; text: string }>();
  return ({ rows }) => {
    const news: Shown[] = [];
    const left = new Set(told.keys());
    for (const row of rows) {
      const key = keyOfRow(row);
      const text = JSON.stringify(row);
      const before = told.get(key)?.text;
      left.delete(key);
      if (isAsked(row)) told.set(key, { row, text });
      else told.delete(key);
      if (told.has(key) ? before !== text : before !== undefined) news.push(row);
    }
    for (const key of left) {
      const last = told.get(key);
      if (last) news.push(goneRow(last.row));
      told.delete(key);
    }
    return render(news);
  };
}

function goneRow(row: Shown): Shown {
  const message =
    row.name === null ? "it is gone, or an Application shows it now" : "the Application is gone";
  return { ...row, state: "deleted", ready: null, health: null, message, notes: [] };
}

function jsonLines(rows: readonly Shown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** The head stands above the first rows, and says how wide all others are. */
function tableLines(view: ListView<Shown>, format: TableFormat): (rows: readonly Shown[]) => string {
  const { heads, rowOf } = tableOf(view, format);
  let lineOf: ((row: readonly string[]) => string) | undefined;
  return (rows) => {
    if (rows.length === 0) return "";
    const cells = rows.map(rowOf);
    if (lineOf) return cells.map(lineOf).join("");
    lineOf = openTable(heads, cells);
    return [heads, ...cells].map(lineOf).join("");
  };
}
