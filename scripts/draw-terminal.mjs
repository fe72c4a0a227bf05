// Draws what a terminal showed as an SVG: node scripts/draw-terminal.mjs FILE.txt > FILE.svg
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cell = { width: 8.4, height: 19 };
const margin = 16;
const colours = {
  background: "#0d1117",
  text: "#c9d1d9",
  command: "#ffffff",
  head: "#8b949e",
  Healthy: "#3fb950",
  Synced: "#3fb950",
  Progressing: "#58a6ff",
  Degraded: "#f85149",
  OutOfSync: "#d29922",
};

/**
 * @param {string} text lines as a terminal showed them; one that begins with "$ " was typed
 * @returns {string} an SVG of them
 */
export function drawTerminal(text) {
  const lines = text.trimEnd().split("\n");
  const columns = Math.max(...lines.map((line) => [...line].length));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  const rows = lines.map((line, index) => {
    const y = margin + (index + 0.75) * cell.height;
    return `  <text x="${margin}" y="${y}" fill="${colourOf(line)}">${words(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(lines[0] ?? "")}">
  <rect width="100%" height="100%" rx="8" fill="${colours.background}"/>
  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" style="white-space: pre" xml:space="preserve">
${rows.join("\n")}
  </g>
</svg>
`;
}

/** @param {string} line */
function colourOf(line) {
  if (line.startsWith("$ ")) return colours.command;
  return line.startsWith("KIND/NAME") ? colours.head : colours.text;
}

/** Words of status in their colour. @param {string} line */
function words(line) {
  return escaped(line).replace(
    /\b(Healthy|Synced|Progressing|Degraded|OutOfSync)\b/g,
    (word) => `<tspan fill="${colours[/** @type {keyof typeof colours} */ (word)]}">${word}</tspan>`,
  );
}

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(drawTerminal(readFileSync(process.argv[2] ?? 0, "utf8")));
}
