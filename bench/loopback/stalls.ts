import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** To be required by a program whose stalls are to be known; it writes them into the file that `BENCH_EVENT_LOOP` names. */
export const eventLoopFile = fileURLToPath(new URL("../programs/event-loop.cjs", import.meta.url));

/** For how long a program did nothing else than one thing, in milliseconds. */
export interface Stall {
  /** by the clock */
  ms: number;
  /** of the processor, which others take, too */
  ownMs: number;
}

/** The longest of each quarter of a second since the program began. */
export function stallsIn(file: string): Stall[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [ms, ownMs] = line.split(" ").map(Number);
    return { ms: ms ?? 0, ownMs: ownMs ?? 0 };
  });
}

export function longestOf(stalls: readonly Stall[]): Stall {
  return {
    ms: Math.max(0, ...stalls.map(({ ms }) => ms)),
    ownMs: Math.max(0, ...stalls.map(({ ownMs }) => ownMs)),
  };
}
