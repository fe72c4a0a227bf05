import { versions } from "node:process";
import { isAbort, Stopped } from "../abort.js";
import type { ProcessDeps } from "../commands/deps.js";
import { timeoutOf } from "../commands/global-flags.js";
import { ExitCode, issuesUrl, UserError } from "../errors.js";
import { version } from "../version.js";
import { programOf } from "./called-as.js";
import { Connections, depsFor, voiceOf, withOwn } from "./deps.js";
import { parseCommandLine, withHelp } from "./parse.js";
import { tidyingMs, withinTime } from "./stop.js";

/**
 * Runs one command line (without node and script) to its exit code. Every error ends here, as a sentence and a hint on
 * stderr.
 */
export async function main(argv: readonly string[], process: ProcessDeps): Promise<number> {
  // looked for by hand, since a wrong command line is told without colour, too
  const noColor = argv.some((word) => /^--no-color(=(1|t|true))?$/i.test(word));
  const deps = noColor ? withOwn(process, { env: { ...process.env, NO_COLOR: "1" } }) : process;
  try {
    if (argv[0] === "__complete") return await (await import("./complete.js")).complete(argv.slice(1), deps);
    return await run(argv, deps);
  } catch (error) {
    return report(error, deps);
  }
}

async function run(argv: readonly string[], deps: ProcessDeps): Promise<number> {
  const invocation = await parseCommandLine(argv, programOf(deps.file), deps.stdout.columns);
  if ("text" in invocation) {
    deps.stdout.stream.write(invocation.text);
    return ExitCode.done;
  }
  const { command, options, globalOptions, args, help } = invocation;
  const connections = new Connections();
  try {
    const endless = command.endless?.(options) === true;
    const work = (signal: AbortSignal, last: AbortSignal) => {
      const own = withOwn(deps, { signal });
      const requests = endless ? withOwn(deps, { signal: last }) : own;
      return command.run(depsFor(globalOptions, own, requests, connections), options, args);
    };
    return await withinTime(
      deps.signal,
      endless ? 0 : timeoutOf(globalOptions),
      work,
      endless ? tidyingMs : undefined,
    );
  } catch (error) {
    throw withHelp(error, help);
  } finally {
    connections.close();
  }
}

/** Says what ended a command. @returns its exit code */
export function report(error: unknown, deps: ProcessDeps): number {
  const say = voiceOf(deps);
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
export function reportBug(error: unknown, deps: Pick<ProcessDeps, "stderr" | "env" | "file">): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  voiceOf(deps).failure(
    `This is a bug of flamingo ${version} (Node ${versions.node}): ${stack}`,
    `Please report it with the command line at ${issuesUrl}`,
  );
  return ExitCode.bug;
}
