import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ProgramState } from "./program.js";

/** How long each log is, by file name. */
export type LogLengths = Readonly<Record<string, number>>;

export function logLengths(folder: string): LogLengths {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]));
}

/** klog ("E1121 12:00:00"), zap and logrus, redis, and what Go writes when it gives up. */
const complaint = /^[EF]\d{4} \d|"?level"?[=:]"?(error|fatal|panic)|^\d+:M .* # |^panic: |^fatal error: /i;

/**
 * What the programs complained about since then, the last lines of each; of one that ended by itself, simply its last
 * lines. Empty when there is nothing.
 */
export function troubleSince(
  before: LogLengths,
  folder: string,
  states: Readonly<Record<string, ProgramState>>,
): string {
  return readdirSync(folder)
    .flatMap((file) => {
      const program = file.replace(/\.log$/, "");
      const lines = textFrom(join(folder, file), before[file] ?? 0)
        .split("\n")
        .filter((line) => line.trim() !== "");
      const hasEnded = states[program] === "ended";
      const telling = hasEnded ? lines.slice(-15) : lines.filter((line) => complaint.test(line)).slice(-5);
      if (telling.length === 0 && !hasEnded) return [];
      return [
        `--- ${program}${hasEnded ? " (has ended)" : ""}`,
        ...telling.map((line) => (line.length > 500 ? `${line.slice(0, 500)} …` : line)),
      ];
    })
    .join("\n");
}

function textFrom(path: string, start: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - start));
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}
