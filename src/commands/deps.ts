import type { Readable } from "node:stream";
import type { ConnectionFlags } from "../kube/connection-flags.js";
import type { Kube } from "../kube/kube.js";
import type { ListFormat, ListView } from "../output/list-view.js";
import type { Screen } from "../output/screen.js";
import type { Voice } from "../output/voice.js";
import type { Namespaces } from "./namespaces.js";

/** What the process gives to `main`. */
export interface ProcessDeps {
  stdout: Screen;
  stderr: Screen;
  stdin: Readable & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** the file that was started */
  file: string;
  /** aborted by Ctrl-C, SIGTERM and a closed pipe */
  signal: AbortSignal;
  now(): Date;
}

/** What commands are handed. If it is here, nobody reaches around it. The signal is aborted by `--timeout`, too. */
export interface Deps extends ProcessDeps {
  /** steps, warnings and failures, on stderr */
  say: Voice;
  /** a text for people, its command lines as they are to be typed: those of flamingo begin with how it was called */
  asTyped(text: string): string;
  /** The first look at them warns of an environment variable that is no namespace: not before the flags make sense. */
  namespaces: Namespaces;
  /**
   * The cluster of the global flags, or the one that other flags, put over these, lead to. Opened on first use, so that
   * what needs no cluster needs no kubeconfig; asked for again, it is the same one.
   */
  kube(otherFlags?: ConnectionFlags): Promise<Kube>;
  /** A file from the network, as a rule through HTTPS_PROXY; `doing` is for errors, after "Cannot": "read the support matrix" */
  download(url: URL, doing: string): Promise<Buffer>;
  /** The same of JSON. */
  downloadJson(url: URL, doing: string): Promise<unknown>;
  /** Prints the result on stdout; where there is nothing to show, the voice says so. */
  print<T>(items: readonly T[], view: ListView<T>, format: ListFormat): Promise<void>;
}
