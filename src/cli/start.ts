import { setTimeout as sleep } from "node:timers/promises";
import { aborted, Stopped } from "../abort.js";
import type { ProcessDeps } from "../commands/deps.js";
import { ExitCode } from "../errors.js";
import type { Screen } from "../output/screen.js";
import { main, report, reportBug } from "./main.js";

/** Who interrupted does not wait longer for a reader that has stopped reading. */
const flushAfterStopMs = 1000;

/** The process: its streams, signals and real dependencies. Nothing else touches them. */
async function start(): Promise<void> {
  const stop = new AbortController();
  const outputs = new Outputs(stop);
  const deps: ProcessDeps = {
    // each is opened on first use: that takes as long as reading the command line, and `--help` needs stdout only
    get stdout() {
      return outputs.screen("stdout");
    },
    get stderr() {
      return outputs.screen("stderr");
    },
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
    file: process.argv[1] ?? "",
    signal: stop.signal,
    now: () => new Date(),
  };
  stopOnSignals(stop);
  process.once("uncaughtException", (error) => process.exit(reportBug(error, deps)));
  const exitCode = await main(process.argv.slice(2), deps);
  await Promise.race([outputs.flushed(), aborted(stop.signal).then(() => sleep(flushAfterStopMs))]);
  // a stuck handle must not keep what has ended alive
  end(exitCode === ExitCode.done && stop.signal.aborted ? report(stop.signal.reason, deps) : exitCode);
}

const signals: Partial<Record<NodeJS.Signals, Stopped>> = {
  SIGINT: new Stopped("Interrupted", ExitCode.interrupted),
  SIGTERM: new Stopped("Terminated", ExitCode.terminated),
};

function stopOnSignals(stop: AbortController): void {
  for (const [name, reason] of Object.entries(signals)) {
    process.on(name, () => {
      // whoever asks twice does not want to wait for the last sentence
      if (stop.signal.aborted) end(reason.exitCode);
      stop.abort(reason);
    });
  }
}

function end(exitCode: number): never {
  const signal = Object.entries(signals).find(([, reason]) => reason.exitCode === exitCode)?.[0];
  // process.exit() waits for DNS lookups, which nobody can stop; the signal itself does not, and shells report the same code
  if (signal && process.getActiveResourcesInfo().includes("GetAddrInfoReqWrap")) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(exitCode);
}

/** stdout and stderr as far as they are used. One that takes no more stops the process. */
class Outputs {
  readonly #stop: AbortController;
  readonly #opened = new Map<"stdout" | "stderr", NodeJS.WriteStream>();

  constructor(stop: AbortController) {
    this.#stop = stop;
  }

  screen(name: "stdout" | "stderr"): Screen {
    const stream = process[name];
    if (!this.#opened.has(name)) {
      this.#opened.set(name, stream);
      stream.on("error", (error) => this.#stop.abort(brokenStream(name, error)));
    }
    const isTTY = stream.isTTY === true;
    const size = (count: number) => (isTTY && count > 0 ? count : undefined);
    return { stream, isTTY, columns: size(stream.columns), rows: size(stream.rows) };
  }

  /** When all that was written has been taken, or never will be. */
  async flushed(): Promise<void> {
    const flush = (stream: NodeJS.WriteStream) =>
      new Promise<void>((resolve) => stream.write("", () => resolve()));
    await Promise.all([...this.#opened.values()].map(flush));
  }
}

function brokenStream(name: string, error: NodeJS.ErrnoException): Stopped {
  // `| head` closes the pipe: nobody wants the rest, and nobody wants to read about it
  if (error.code === "EPIPE") return new Stopped(`${name} is closed`, ExitCode.done);
  return new Stopped(
    `Cannot write to ${name}: ${error.message}`,
    ExitCode.failed,
    "Look at where it leads to",
  );
}

void start();
