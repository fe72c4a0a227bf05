import type { Deps } from "./deps.js";
import type { Flags, OptionsOf } from "./flag.js";
import type { GlobalOptions } from "./global-flags.js";

/** A command without its flags: enough for the list in `flamingo --help`, so that nothing else is loaded for it. */
export interface CommandSummary {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  load(): Promise<Command>;
}

/** What a command with these flags is handed: their values and those of the global ones. Of the same key, its own counts. */
export type CommandOptions<F extends Flags> = OptionsOf<F> & Omit<GlobalOptions, keyof F>;

export interface Command<F extends Flags = Flags> {
  /** "[REF...]", as shown behind the command's name */
  readonly arguments?: string;
  readonly description: string;
  /** whole command lines with a word on each; every one is parsed by a test */
  readonly examples: readonly (readonly [commandLine: string, meaning: string])[];
  readonly flags: F;
  /**
   * Whether it goes on until it is stopped: then `--timeout` does not bound it, and once stopped it gets some seconds, and
   * answers to its requests, to leave things tidy.
   */
  endless?(options: CommandOptions<F>): boolean;
  /**
   * @returns the exit code, one of `ExitCode`
   * @throws UserError
   */
  run(deps: Deps, options: CommandOptions<F>, args: readonly string[]): Promise<number>;
}

/**
 * Types the options of `run` by the command's flags.
 *
 * That `endless` and `run` are methods, not properties, lets a command of any flags stand for one of unknown flags: what
 * they are handed is made from the same `flags`.
 */
export function command<const F extends Flags>(definition: Command<F>): Command {
  return definition;
}
