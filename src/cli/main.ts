import { versions } from "node:process";
import { isAbort } from "../abort.js";
import type { ProcessDeps } from "../commands/deps.js";
import { ExitCode, UserError } from "../errors.js";
import type { Connection } from "../kube/connect.js";
import type { ConnectionFlags } from "../kube/connection-flags.js";
import type { Kube } from "../kube/kube.js";
import { Voice } from "../output/voice.js";
import { version } from "../version.js";
import { parseCommandLine, withHelp } from "./parse.js";
import { Stopped, tidyingMs, withinTime } from "./stop.js";

/** `--timeout` when it is not given. */
const defaultTimeoutMs = 10 * 60 * 1000;

/**
 * Runs one command line (without node and script) to its exit code. Every error ends here, as a sentence and a hint on
 * stderr.
 */
export async function main(argv: readonly string[], process: ProcessDeps): Promise<number> {
  // looked for by hand, since a wrong command line is told without colour, too
  const noColor = argv.some((word) => /^--no-color(=(1|t|true))?$/i.test(word));
  const deps = noColor ? withOwn(process, { env: { ...process.env, NO_COLOR: "1" } }) : process;
  try {
    return await run(argv, deps);
  } catch (error) {
    return report(error, deps);
  }
}

async function run(argv: readonly string[], deps: ProcessDeps): Promise<number> {
  const invocation = await parseCommandLine(argv, deps.stdout.columns);
  if ("text" in invocation) {
    deps.stdout.stream.write(invocation.text);
    return ExitCode.done;
  }
  const { command, options, globalOptions, args, help } = invocation;
  const { timeout = defaultTimeoutMs, verbose } = globalOptions;
  const trace = verbose ? new Voice(deps).trace : undefined;
  const connections = new Connections();
  try {
    const endless = command.endless?.(options) === true;
    const work = (signal: AbortSignal, last: AbortSignal) => {
      const asking = withOwn(deps, { signal: endless ? last : signal });
      const kube = (flags: ConnectionFlags) => connections.open(flags, asking, trace);
      return command.run(withOwn(deps, { signal, kube }), options, args);
    };
    return await withinTime(deps.signal, endless ? 0 : timeout, work, endless ? tidyingMs : undefined);
  } catch (error) {
    throw withHelp(error, help);
  } finally {
    connections.close();
  }
}

/** Both in one object. What is opened on first use stays so, which `{...deps}` would undo. */
function withOwn<Own extends object>(deps: ProcessDeps, own: Own): ProcessDeps & Own {
  return Object.defineProperties({} as ProcessDeps & Own, {
    ...Object.getOwnPropertyDescriptors(deps),
    ...Object.getOwnPropertyDescriptors(own),
  });
}

/** The connections of one run, each opened once. */
class Connections {
  readonly #opened = new Map<string, Promise<Connection>>();

  async open(flags: ConnectionFlags, deps: ProcessDeps, trace?: (line: string) => void): Promise<Kube> {
    const key = JSON.stringify(flags);
    const known =
      this.#opened.get(key) ??
      import("../kube/connect.js").then(({ connect }) => connect(flags, deps, trace));
    this.#opened.set(key, known);
    return (await known).kube;
  }

  close(): void {
    // one that could not be opened has been reported by whoever asked for it
    for (const connection of this.#opened.values()) connection.then(({ close }) => close()).catch(() => {});
  }
}

/** Says what ended a command. @returns its exit code */
export function report(error: unknown, deps: ProcessDeps): number {
  const say = new Voice(deps);
  const stopped: unknown = error instanceof Stopped ? error : deps.signal.reason;
  if (stopped instanceof Stopped) {
    if (stopped.exitCode !== ExitCode.done) say.failure(stopped.message, stopped.hint);
    return stopped.exitCode;
  }
  if (error instanceof UserError) {
    say.failure(error.message, error.hint);
    return error.exitCode;
  }
  if (isAbort(error)) {
    say.failure("Cannot finish: the time of --timeout is over", "Give it more time with --timeout");
    return ExitCode.notReady;
  }
  return reportBug(error, deps);
}

/** Whatever nobody foresaw. */
export function reportBug(error: unknown, deps: Pick<ProcessDeps, "stderr" | "env">): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  new Voice(deps).failure(
    `This is a bug of flamingo ${version} (Node ${versions.node}): ${stack}`,
    "Please report it with the command line at https://github.com/flux-subsystem-argo/flamingo/issues",
  );
  return ExitCode.bug;
}
