import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessDeps, Screen } from "./deps.js";
import { ExitCode } from "./errors.js";
import { main, report, reportBug } from "./main.js";
import { Stopped } from "./stop.js";

/** Who interrupted does not wait longer for a reader that has stopped reading. */
const flushAfterStopMs = 1000;

/** The process: its streams, signals and real dependencies. Nothing else touches them. */
async function start(): Promise<void> {
  const stop = new AbortController();
  const deps: ProcessDeps = {
    stdout: screen(process.stdout),
    stderr: screen(process.stderr),
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
    now: () => new Date(),
  };
  stopOnSignals(stop);
  stopOnClosedStreams(stop);
  process.once("uncaughtException", (error) => process.exit(reportBug(error, deps)));
  const exitCode = await main(process.argv.slice(2), deps);
  const flushing = Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  await Promise.race([flushing, aborted(stop.signal).then(() => sleep(flushAfterStopMs))]);
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

function stopOnClosedStreams(stop: AbortController): void {
  for (const [name, stream] of Object.entries({ stdout: process.stdout, stderr: process.stderr })) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // `| head` closes the pipe: nobody wants the rest, and nobody wants to read about it
      const reason =
        error.code === "EPIPE"
          ? new Stopped(`${name} is closed`, ExitCode.done)
          : new Stopped(
              `Cannot write to ${name}: ${error.message}`,
              ExitCode.failed,
              "Look at where it leads to",
            );
      stop.abort(reason);
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** When all that was written has been taken, or never will be. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

function screen(stream: NodeJS.WriteStream): Screen {
  const isTTY = stream.isTTY === true;
  return { stream, isTTY, columns: isTTY && stream.columns > 0 ? stream.columns : undefined };
}

void start();
