import type { Writable } from "node:stream";

/** One of the process's output streams, and what it can show. */
export interface Screen {
  stream: Writable;
  isTTY: boolean;
  /** characters a line; undefined when nobody looks */
  columns: number | undefined;
  /** lines of a terminal */
  rows?: number | undefined;
}
