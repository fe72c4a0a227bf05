import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Screen } from "./screen.js";

interface Terminal {
  stdin: Readable & { isTTY?: boolean };
  stderr: Screen;
  signal: AbortSignal;
}

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY;
}

/** Asks on the terminal; only "y" and "yes" mean yes. */
export async function askYes(question: string, { stdin, stderr, signal }: Terminal): Promise<boolean> {
  stderr.stream.write(`${question} [y/N] `);
  // whoever presses Ctrl-C reaches the process, since no line is edited here
  const lines = createInterface({ input: stdin, signal });
  try {
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line);
    signal.throwIfAborted();
    // Ctrl-D leaves the cursor behind the question
    stderr.stream.write("\n");
    return false;
  } finally {
    lines.close();
  }
}
