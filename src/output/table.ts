import { visible } from "../text/visible.js";

/**
 * Lines of aligned columns, two spaces between them, nothing after the last one. Cells are never cut; line breaks and tabs
 * in them become spaces, and what else is not seen is written as an escape.
 *
 * @param heads "NAME", "STATUS"
 * @param paint colours a cell, which takes no room
 * @returns with a line break at the end; empty when there are no rows
 */
export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (text: string, row: number, column: number) => string = (text) => text,
): string {
  if (rows.length === 0) return "";
  const cells = rows.map((row, place) =>
    row.map(cellOf).map(({ text, width }, column) => ({ text: paint(text, place, column), width })),
  );
  const lines = [heads.map(cellOf), ...cells];
  const widths = widthsOf(lines);
  return lines.map((line) => lineOf(line, widths)).join("");
}

/** Lines of a table that goes on: as wide as its head and its first rows want it. A cell that is wider moves what follows it. */
export function openTable(
  heads: readonly string[],
  first: readonly (readonly string[])[],
): (row: readonly string[]) => string {
  const widths = widthsOf([heads, ...first].map((row) => row.map(cellOf)));
  return (row) => lineOf(row.map(cellOf), widths);
}

function widthsOf(lines: readonly (readonly Cell[])[]): number[] {
  const [heads = []] = lines;
  return heads.map((_, column) => lines.reduce((most, line) => Math.max(most, line[column]?.width ?? 0), 0));
}

function lineOf(line: readonly Cell[], widths: readonly number[]): string {
  return `${line
    .map((cell, column) => pad(cell, widths[column] ?? 0))
    .join("  ")
    .trimEnd()}\n`;
}

interface Cell {
  text: string;
  width: number;
}

function cellOf(given: string): Cell {
  const text = plain.test(given) ? given : oneLine(given);
  return { text, width: widthOf(text) };
}

function oneLine(cell: string): string {
  const line = /[\t\n\r]/.test(cell) ? cell.replace(/[\t\n\r]+/g, " ").trim() : cell;
  return visible(line);
}

function pad(cell: Cell, width: number): string {
  return cell.text + " ".repeat(Math.max(0, width - cell.width));
}

/** Printable ASCII, as nearly all of it is, needs no look at single characters. */
const plain = /^[\x20-\x7e]*$/;
// East Asian Width W and F (Unicode 16, whole blocks), and what terminals draw as emoji
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** As much of a line as fits into so many columns, no character cut. */
export function cutTo(line: string, columns: number): string {
  if (plain.test(line)) return line.slice(0, columns);
  let width = 0;
  let cut = "";
  for (const character of charactersOf(line)) {
    width += character.width;
    if (width > columns) break;
    cut += character.text;
  }
  return cut;
}

/** Columns of a terminal that a text takes. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let sum = 0;
  for (const { width } of charactersOf(text)) sum += width;
  return sum;
}

function* charactersOf(text: string): Generator<Cell> {
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) {
    yield { text: segment, width: wide.test(segment) ? 2 : invisible.test(segment) ? 0 : 1 };
  }
}
