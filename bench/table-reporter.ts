import { cpus } from "node:os";
import type { Reporter, TestModule } from "vitest/node";
import type { Row } from "./row.js";

/** Prints what the benchmarks recorded as one Markdown table, the last thing on stdout. */
export default class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().rows ?? []),
    );
    if (rows.length === 0) return;
    const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}`;
    process.stdout.write(`\n${machine}\n\n${table(rows)}\n`);
  }
}

function table(rows: Row[]): string {
  const lines = [
    ["What", "Measured", "Goal", "Medians"],
    ["---", "---", "---", "---"],
    ...rows.map(({ what, measured, goal = "", medians = "" }) => [what, measured, goal, medians]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
