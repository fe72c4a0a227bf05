import { versions } from "node:process";
import { parseCommandLine } from "./cli.js";
import type { GlobalOptions } from "./commands/global-flags.js";
import type { ProcessDeps } from "./deps.js";
import { ExitCode, UserError } from "./errors.js";
import type { Connection } from "./kube/connect.js";
import type { ConnectionFlags } from "./kube/connection-flags.js";
import type { Kube } from "./kube/reader.js";
import { Reporter } from "./output/reporter.js";
import { version } from "./version.js";

/** `--timeout` when it is not given. */
const defaultTimeoutMs = 10 * 60 * 1000;

/**
 * Runs one command line (without node and script) to its exit code. Every error ends here, as a sentence and a hint on
 * stderr.
 */
export async function main(argv: readonly string[], process: ProcessDeps): Promise<number> {
  const deps = argv.includes("--no-color") ? { ...process, env: { ...process.env, NO_COLOR: "1" } } : process;
  const connections = new Connections();
  try {
    const invocation = await parseCommandLine(argv);
    if ("text" in invocation) {
      deps.stdout.stream.write(invocation.text);
      return ExitCode.done;
    }
    const options = invocation.options as GlobalOptions;
    const deadline = AbortSignal.timeout(options.timeout ?? defaultTimeoutMs);
    const bounded = { ...deps, signal: AbortSignal.any([deps.signal, deadline]) };
    const trace = options.verbose ? new Reporter(deps.stderr, deps.env).trace : undefined;
    const kube = (flags: ConnectionFlags) => connections.open(flags, bounded, trace);
    return await invocation.command.run({ ...bounded, kube }, invocation.options, invocation.args);
  } catch (error) {
    return report(error, deps);
  } finally {
    connections.close();
  }
}

/** The connections of one run, each opened once. */
class Connections {
  readonly #opened = new Map<string, Promise<Connection>>();

  async open(flags: ConnectionFlags, deps: ProcessDeps, trace?: (line: string) => void): Promise<Kube> {
    const key = JSON.stringify(flags);
    const known =
      this.#opened.get(key) ?? import("./kube/connect.js").then(({ connect }) => connect(flags, deps, trace));
    this.#opened.set(key, known);
    return (await known).kube;
  }

  close(): void {
    // one that could not be opened has been reported by whoever asked for it
    for (const connection of this.#opened.values()) connection.then(({ close }) => close()).catch(() => {});
  }
}

/** The reason that `deps.signal` is aborted with when the user, the system or a closed pipe ends the process. */
export class Stopped extends Error {
  readonly exitCode: number;

  /** @param exitCode 130 for Ctrl-C, 143 for SIGTERM, 0 for a closed pipe */
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

function report(error: unknown, deps: ProcessDeps): number {
  const reporter = new Reporter(deps.stderr, deps.env);
  const stopped: unknown = deps.signal.reason;
  if (deps.signal.aborted && stopped instanceof Stopped) {
    if (stopped.exitCode !== ExitCode.done) reporter.failure(stopped.message);
    return stopped.exitCode;
  }
  if (error instanceof UserError) {
    reporter.failure(error.message, error.hint);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  reporter.failure(
    `this is a bug of flamingo ${version} (Node ${versions.node}): ${stack}`,
    "Please report it with the command line at https://github.com/flux-subsystem-argo/flamingo/issues",
  );
  return ExitCode.bug;
}
