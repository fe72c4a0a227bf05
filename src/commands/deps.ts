import type { Readable } from "node:stream";
import type { ConnectionFlags } from "../kube/connection-flags.js";
import type { Kube } from "../kube/kube.js";
import type { Screen } from "../output/screen.js";

/** What the process gives to `main`. */
export interface ProcessDeps {
  stdout: Screen;
  stderr: Screen;
  stdin: Readable & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** aborted by Ctrl-C, SIGTERM and a closed pipe */
  signal: AbortSignal;
  now(): Date;
}

/** What commands are handed. If it is here, nobody reaches around it. The signal is aborted by `--timeout`, too. */
export interface Deps extends ProcessDeps {
  /** Opened on first use, so that what needs no cluster needs no kubeconfig. */
  kube(flags: ConnectionFlags): Promise<Kube>;
}
