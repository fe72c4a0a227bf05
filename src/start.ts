import type { ProcessDeps, Screen } from "./deps.js";
import { main, Stopped } from "./main.js";

/** The process: its streams, signals and real dependencies. Nothing else touches them. */
async function start(): Promise<void> {
  const stop = new AbortController();
  onSignal("SIGINT", new Stopped("interrupted", 130));
  onSignal("SIGTERM", new Stopped("terminated", 143));
  for (const stream of [process.stdout, process.stderr]) {
    // `| head` closes the pipe: nobody wants the rest, and nobody wants to read about it
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  const deps: ProcessDeps = {
    stdout: screen(process.stdout),
    stderr: screen(process.stderr),
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
    now: () => new Date(),
  };
  process.exitCode = await main(process.argv.slice(2), deps);

  function onSignal(name: NodeJS.Signals, reason: Stopped): void {
    process.once(name, () => {
      stop.abort(reason);
      // whoever presses twice does not want to wait for the last sentence
      process.once(name, () => process.exit(reason.exitCode));
    });
  }
}

function screen(stream: NodeJS.WriteStream): Screen {
  const isTTY = stream.isTTY === true;
  return { stream, isTTY, columns: isTTY && stream.columns > 0 ? stream.columns : undefined };
}

void start();
