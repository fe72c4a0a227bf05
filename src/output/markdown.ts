/** Markdown as GitHub and GitLab show it (GFM) in which texts of others neither end a cell, nor link, nor call somebody. */
import { visible } from "../text/visible.js";

/** What fits into a comment of a pull request: GitHub takes 65,536 characters. */
export const longestComment = 65_536;

/** A text as code, in which nothing but the text is seen; of more than `most` characters the middle is left out. */
export function markdownCode(text: string, most = 200): string {
  const seen = cut(visible(text), most);
  if (seen === "") return "";
  // neither a table nor a code span says clearly what these mean inside of both
  if (!/[`|\\]/.test(seen)) return `\`${seen}\``;
  return `<code>${seen.replace(/[^A-Za-z0-9 ]/gu, (one) => `&#${one.codePointAt(0)};`)}</code>`;
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // a character may be two of JavaScript's: what a cut may have halved goes
  const half = Math.floor(most / 2);
  const [start, end] = [[...text.slice(0, half)], [...text.slice(-half - 1)]];
  return `${start.slice(0, -1).join("")}…${end.slice(1).join("")}`;
}

/** What one cell may take of the room of a table. */
const longestCell = 6000;

/** Lines in a cell, as many as there is room for. @param lines Markdown */
export function markdownLines(lines: readonly string[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length;
    if (length > longestCell) break;
    shown.push(line);
  }
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("<br>");
}

/**
 * A table, as many rows of it as there is room for.
 *
 * @param rows of cells that are Markdown
 * @param room in characters
 * @param more a line in the place of the rows that are left out
 */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  room: number,
  more: (count: number) => string,
): string {
  const head = [heads, heads.map(() => "---")].map(line).join("");
  const rest = (count: number) => (count === 0 ? "" : `\n${more(count)}\n`);
  const lines = rows.map(line);
  let shown = 0;
  for (let length = head.length; shown < lines.length; shown++) {
    length += lines[shown]?.length ?? 0;
    if (length + rest(lines.length - shown - 1).length > room) break;
  }
  return head + lines.slice(0, shown).join("") + rest(lines.length - shown);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}
