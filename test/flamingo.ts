import { Readable, Writable } from "node:stream";
import { main } from "../src/cli/main.js";
import type { ProcessDeps } from "../src/commands/deps.js";
import type { Screen } from "../src/output/screen.js";

export interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  kubeconfig?: string;
  env?: Record<string, string>;
  cwd?: string;
  /** the file that was started */
  file?: string;
  stdin?: string | Buffer;
  /** stdin of a terminal, on which stderr is, too */
  terminal?: Readable & { isTTY: boolean };
  signal?: AbortSignal;
  now?: Date;
  /** the real clock */
  ticking?: true;
  /** how far the real clock is wrong */
  aheadMs?: number;
  /** told what is written to stderr, as it is written */
  onStderr?(text: string): void;
  /** the same of stdout */
  onStdout?(text: string): void;
}

/**
 * Runs one command line in this process, as the bin file would, with stdout and stderr apart. Nothing of the machine's
 * environment gets in: without a kubeconfig there is no cluster.
 *
 * @param commandLine "generate-app ks/podinfo -n podinfo", or its words
 */
export async function flamingo(
  commandLine: string | readonly string[],
  around: Surroundings = {},
): Promise<Run> {
  const argv = typeof commandLine === "string" ? words(commandLine) : commandLine;
  const stdout = new Captured(around.onStdout);
  const stderr = new Captured(around.onStderr);
  const deps: ProcessDeps = {
    stdout: screen(stdout),
    stderr: screen(stderr, around.terminal !== undefined),
    stdin:
      around.terminal ??
      Readable.from(around.stdin === undefined ? [] : [Buffer.from(around.stdin as string)]),
    env: { KUBECONFIG: around.kubeconfig ?? "/nonexistent", PATH: process.env["PATH"], ...around.env },
    cwd: around.cwd ?? process.cwd(),
    file: around.file ?? "/usr/bin/flamingo",
    signal: around.signal ?? new AbortController().signal,
    now: () =>
      around.ticking
        ? new Date(Date.now() + (around.aheadMs ?? 0))
        : (around.now ?? new Date("2026-01-02T03:04:05Z")),
  };
  const exitCode = await main(argv, deps);
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Captured extends Writable {
  text = "";
  readonly #listener: ((text: string) => void) | undefined;

  constructor(listener?: (text: string) => void) {
    super();
    this.#listener = listener;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.#listener?.(chunk.toString());
    done();
  }
}

function screen(stream: Writable, isTTY = false): Screen {
  return { stream, isTTY, columns: undefined };
}

/** Splits at spaces, single quotes kept together. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|\S+/g)].map(([whole, quoted]) => quoted ?? whole);
}
