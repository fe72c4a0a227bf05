import { Command as Commander, CommanderError, Option } from "commander";
import type { Command, CommandSummary, Flag, Flags } from "./commands/command.js";
import { globalFlags } from "./commands/global-flags.js";
import { commands } from "./commands/index.js";
import { ExitCode, UserError, usageError } from "./errors.js";
import { version } from "./version.js";

/** What a command line asks for: a command to run, or a text to print. */
export type Invocation =
  | { command: Command; name: string; options: Record<string, unknown>; args: readonly string[] }
  | { text: string };

const learnMore = `Exit codes:
  0 done · 1 could not, you can act · 2 wrong command line · 3 not ready before the deadline
  4 the answer is no (differences, problems) · 5 the object does not exist · 6 the cluster does not serve the API
  70 a bug of flamingo · 130 interrupted`;

/**
 * Reads a command line (without node and script). The only place that knows commander.
 *
 * @throws UserError with exit code 2 for a wrong one
 */
export async function parseCommandLine(argv: readonly string[]): Promise<Invocation> {
  const words = helpCommandAsFlag(argv);
  const texts: string[] = [];
  let invocation: Invocation | undefined;
  const program = programFor(texts);
  const asked = words.find(
    (word) => !word.startsWith("-") && commands.some((known) => namesOf(known).includes(word)),
  );

  for (const summary of commands) {
    const sub = program.command(summary.name).summary(summary.summary);
    for (const alias of summary.aliases ?? []) sub.alias(alias);
    if (asked === undefined || !namesOf(summary).includes(asked)) continue;
    const command = await summary.load();
    define(sub, command);
    sub.action((...received: unknown[]) => {
      const options = valuesOf({ ...program.opts(), ...sub.opts() }, { ...globalFlags, ...command.flags });
      const args = command.arguments ? ((received[0] as string[] | undefined) ?? []) : [];
      invocation = { command, name: summary.name, options, args };
    });
    return parse(bareFlags(words, { ...globalFlags, ...command.flags }), sub);
  }
  return parse(words, program);

  async function parse(line: readonly string[], helpFrom: Commander): Promise<Invocation> {
    try {
      await program.parseAsync([...line], { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode !== 0) throw wrongCommandLine(error, helpFrom);
    }
    return invocation ?? { text: texts.join("") };
  }
}

function namesOf(summary: CommandSummary): readonly string[] {
  return [summary.name, ...(summary.aliases ?? [])];
}

function programFor(texts: string[]): Commander {
  const program = new Commander("flamingo")
    .description("See Flux in Argo CD: Flux keeps reconciling, Argo CD shows.")
    .usage("COMMAND [flags]")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => texts.push(text), writeErr: () => {}, getOutHelpWidth: () => 110 })
    .version(`flamingo version ${version}`, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .addHelpText("after", `\n${learnMore}`);
  for (const option of optionsFor(globalFlags)) program.addOption(option.hideHelp());
  // kubectl, flux and helm answer a bare call with their help
  program.action(() => {
    const [first] = program.args;
    if (first !== undefined)
      program.error(`unknown command '${first}'`, { code: "commander.unknownCommand" });
    program.outputHelp();
  });
  return program.allowExcessArguments();
}

function define(sub: Commander, command: Command): void {
  sub.description(command.description);
  if (command.arguments) sub.argument(command.arguments);
  for (const option of optionsFor(command.flags)) sub.addOption(option);
  sub.helpOption("-h, --help", "print help");
  sub.optionsGroup("Global options:");
  const own = new Set(sub.options.flatMap((option) => [option.short, option.long]));
  for (const option of optionsFor(globalFlags)) {
    if (!own.has(option.long)) sub.addOption(option.helpGroup("Global options:"));
  }
  const examples = command.examples.map(([line, meaning]) => `  # ${meaning}\n  ${line}`);
  sub.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
}

function optionsFor(flags: Flags): Option[] {
  return Object.values(flags).map((flag) => {
    const option = new Option(flag.usage, flag.description);
    if (flag.choices) option.choices([...flag.choices]);
    if (flag.bare) option.description = `${flag.description} (bare: ${flag.bare})`;
    if (flag.repeatable)
      option.argParser((text: string, all: string[] | undefined) => [...(all ?? []), text]);
    // `--no-color` is a switch of its own here, not the negation of `--color`
    option.negate = false;
    return option.hideHelp(flag.hidden ?? false);
  });
}

/** commander's values under our keys, parsed. */
function valuesOf(given: Record<string, unknown>, flags: Flags): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const value = given[new Option(flag.usage).attributeName()];
    if (value === undefined) continue;
    values[key] = flag.parse && typeof value === "string" ? flag.parse(value) : value;
  }
  return values;
}

/** `flamingo help get` is `flamingo get --help`, so that flags are loaded in one place only. */
function helpCommandAsFlag(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  return first === "help" ? [...rest, "--help"] : [...argv];
}

/**
 * What Go's flags allow and commander does not: `--flag=true`, `--flag=false` for switches, and flags whose value may be
 * left out (`--dry-run`, where the next word is not the value).
 */
function bareFlags(words: readonly string[], flags: Flags): string[] {
  const byName = new Map(
    Object.values(flags).flatMap((flag) => longName(flag).map((name) => [name, flag] as const)),
  );
  const end = words.indexOf("--");
  return words.flatMap((word, index) => {
    if (end !== -1 && index >= end) return [word];
    const flag = byName.get(word.split("=", 1)[0] ?? "");
    if (flag?.bare && byName.has(word)) return [`${word}=${flag.bare}`];
    if (!flag || takesValue(flag)) return [word];
    if (/=(true|1|t)$/i.test(word)) return [word.slice(0, word.indexOf("="))];
    return /=(false|0|f)$/i.test(word) ? [] : [word];
  });
}

function longName(flag: Flag): string[] {
  return flag.usage.match(/--[a-z-]+/g) ?? [];
}

function takesValue(flag: Flag): boolean {
  return flag.usage.includes("<");
}

function wrongCommandLine(error: CommanderError, helpFrom: Commander): UserError {
  const [sentence = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const help = `See '${helpFrom.parent ? `flamingo ${helpFrom.name()}` : "flamingo"} --help'`;
  if (error.exitCode === ExitCode.bug) return new UserError(error.message, { exitCode: ExitCode.bug });
  const guess = suggestion?.match(/Did you mean (.*)\?/)?.[1];
  return usageError(
    sentence.replaceAll("option", "flag").replace(/\.$/, ""),
    guess ? `Did you mean ${guess}?` : help,
  );
}
