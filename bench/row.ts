import type { TestContext } from "vitest";
import type { Comparison } from "./measure.js";

/** A line of the table that a run ends with. */
export interface Row {
  what: string;
  /** "1.09", "4", "180 MiB" */
  measured: string;
  /** "≤ 1.15" */
  goal: string;
  /** on this machine: "45 ms : 41 ms" */
  medians?: string;
}

declare module "vitest" {
  interface TaskMeta {
    rows?: Row[];
  }
}

/** Adds lines to the table. No figure fails a run: machines differ. */
export function record({ task }: TestContext, ...rows: Row[]): void {
  task.meta.rows = [...(task.meta.rows ?? []), ...rows];
}

/** How many times as long as the baseline a program takes. */
export function timesAsLong(what: string, { ratio, programMs, baselineMs }: Comparison, goal: string): Row {
  return { what, goal, measured: ratio.toFixed(2), medians: `${shown(programMs)} : ${shown(baselineMs)}` };
}

function shown(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
