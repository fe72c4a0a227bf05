import type { Readable, Writable } from "node:stream";
import type { ConnectionFlags } from "./kube/connection-flags.js";
import type { Kube } from "./kube/reader.js";

/** One of the process's output streams, and what it can show. */
export interface Screen {
  stream: Writable;
  isTTY: boolean;
  /** characters a line; undefined when nobody looks */
  columns: number | undefined;
}

/** What commands are handed. If it is here, nobody reaches around it. */
export interface Deps {
  stdout: Screen;
  stderr: Screen;
  stdin: Readable & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** aborted by Ctrl-C, SIGTERM, a closed pipe, and by `--timeout` */
  signal: AbortSignal;
  now(): Date;
  /** Opened on first use; the same flags give the same connection. */
  kube(flags: ConnectionFlags): Promise<Kube>;
}
