import type { Deps } from "./deps.js";

/** One flag of a command, as data: `cli.ts` turns it into whatever the parsing library wants. */
export interface Flag<T = unknown> {
  /** as shown in the help: "-n, --namespace <namespace>"; no `<…>` means a switch */
  readonly usage: string;
  readonly description: string;
  /** may be given several times; the value is a list */
  readonly repeatable?: true;
  readonly choices?: readonly string[];
  /** the value that a bare `--flag` stands for; a value of one's own is then written `--flag=VALUE` */
  readonly bare?: string;
  /** text → value; throws usageError() */
  readonly parse?: (text: string) => T;
  /** accepted, but not worth a line in the help */
  readonly hidden?: true;
  /** carries T, never set */
  readonly shape?: T;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What `run` is handed: a value for each flag that was given, undefined for the others. */
export type OptionsOf<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T | undefined : never;
};

export const toggle = (usage: string, description: string): Flag<boolean> => ({ usage, description });

export const text = (usage: string, description: string): Flag<string> => ({ usage, description });

export const texts = (usage: string, description: string): Flag<string[]> => ({
  usage,
  description,
  repeatable: true,
});

export const choice = <const C extends readonly string[]>(
  usage: string,
  choices: C,
  description: string,
): Flag<C[number]> => ({ usage, description, choices });

export const parsed = <T>(usage: string, description: string, parse: (text: string) => T): Flag<T> => ({
  usage,
  description,
  parse,
});

/** A command without its flags: enough for the list in `flamingo --help`, so that nothing else is loaded for it. */
export interface CommandSummary {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  load(): Promise<Command>;
}

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
  readonly endless?: (options: OptionsOf<F>) => boolean;
  /**
   * @returns the exit code, one of `ExitCode`
   * @throws UserError
   */
  run(deps: Deps, options: OptionsOf<F>, args: readonly string[]): Promise<number>;
}

/** Keeps the flags' types for `run`. */
export function command<const F extends Flags>(definition: Command<F>): Command {
  return definition as unknown as Command;
}
