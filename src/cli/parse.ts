import { Command as Commander, CommanderError, Option } from "commander";
import type { Command, CommandSummary } from "../commands/command.js";
import { type Flag, type Flags, toggle } from "../commands/flag.js";
import { type GlobalOptions, globalFlags } from "../commands/global-flags.js";
import { commands } from "../commands/index.js";
import { ExitCode, UserError, usageError } from "../errors.js";
import { closest } from "../text/closest.js";
import { version } from "../version.js";
import { asTyped, type Program } from "./called-as.js";
import { findCommand, longName, spellOut } from "./go-flags.js";

/** What a command line asks for: a command to run, or a text to print. */
export type Invocation =
  | {
      command: Command;
      options: Record<string, unknown>;
      /** without those that the command has flags of its own for */
      globalOptions: GlobalOptions;
      args: readonly string[];
      /** for errors that have no better hint: "See 'flamingo generate-app --help'" */
      help: string;
    }
  | { text: string };

/** Help is not set wider than this, however wide the terminal. */
const widest = 110;

const learnMore = `
Exit codes:
  0 done · 1 could not, you can act · 2 wrong command line · 3 not ready before the deadline
  4 the answer is no (differences, problems) · 5 the object does not exist · 6 the cluster does not serve the API
  70 a bug of flamingo · 130 interrupted

See 'flamingo COMMAND --help' for the flags and examples of a command.`;

const helpFlag = toggle("-h, --help", "print help");
const versionFlag = toggle("--version", "print the version");

/**
 * Reads a command line (without node and script). The only place that knows commander.
 *
 * @param program as it was called, in everything that is to be typed
 * @param columns of the terminal that help would be shown on
 * @throws UserError with exit code 2 for a wrong one
 */
export async function parseCommandLine(
  argv: readonly string[],
  program: Program,
  columns = widest,
): Promise<Invocation> {
  const texts: string[] = [];
  const commander = (command?: string) => {
    const name = command === undefined ? program : `${program} ${command}`;
    return commanderFor(name, (text) => texts.push(text), Math.min(columns, widest));
  };
  const words = helpCommandAsFlag(argv);
  const index = findCommand(words, flagsOf(), isCommand);
  if (index === -1) {
    await parseWithoutCommand(commander(), words, program);
    return { text: texts.join("") };
  }
  const summary = summaryOf(words[index]);
  if (!summary) throw unknownCommand(words[index]);
  const command = await summary.load();
  const globals = globalFlagsBeside(command.flags);
  const help = helpOf(summary.name);
  let invocation: Invocation | undefined;
  const parser = commander(summary.name);
  describe(parser, summary, command, program);
  parser.action(() => {
    const given = parser.opts();
    const globalOptions = valuesOf(given, globals) as GlobalOptions;
    const options = { ...globalOptions, ...valuesOf(given, command.flags) };
    invocation = { command, options, globalOptions, args: parser.args, help };
  });
  const line = spellOut(words.toSpliced(index, 1), flagsOf(command), help);
  await parse(parser, line, help);
  return invocation ?? { text: texts.join("") };
}

/** Help and version, and flags that stand alone: as with kubectl these must be right, too. */
async function parseWithoutCommand(
  parser: Commander,
  words: readonly string[],
  program: Program,
): Promise<void> {
  parser
    .description("See Flux in Argo CD: Flux keeps reconciling, Argo CD shows.")
    .usage("COMMAND [flags]")
    .addHelpText("after", asTyped(learnMore, program));
  defineVersion(parser);
  define(parser, { flags: globalFlags, hidden: true });
  for (const { name, aliases = [], summary } of commands)
    parser.command(name).aliases(aliases).summary(summary);
  parser.action(() => {
    valuesOf(parser.opts(), globalFlags);
    // kubectl, flux and helm answer a bare call with their help
    parser.outputHelp();
  });
  await parse(parser, spellOut(words, flagsOf(), helpOf()));
}

/** `flamingo help get` is `flamingo get --help`, so that flags are loaded in one place only. */
export function helpCommandAsFlag(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  return first === "help" ? ["--help", ...rest] : [...argv];
}

function namesOf({ name, aliases = [] }: CommandSummary): readonly string[] {
  return [name, ...aliases];
}

/** Every flag that may stand on a line of this command, or without any. */
export function flagsOf(command?: Command): Flags {
  if (!command) return { ...globalFlags, helpFlag, versionFlag };
  const { flags } = command;
  // the version of what a command is about is its own flag
  const own = { helpFlag, ...(hasFlag(flags, "--version") ? {} : { versionFlag }) };
  return { ...globalFlagsBeside(flags), ...flags, ...own };
}

export function summaryOf(word = ""): CommandSummary | undefined {
  return commands.find((known) => namesOf(known).includes(word));
}

export function isCommand(word: string): boolean {
  return summaryOf(word) !== undefined;
}

function helpOf(command?: string): string {
  return `See '${["flamingo", command].filter((word) => word !== undefined).join(" ")} --help'`;
}

function unknownCommand(word = ""): UserError {
  const guesses = closest(word, commands.flatMap(namesOf));
  return usageError(
    `Unknown command ${JSON.stringify(word)}`,
    guesses.length > 0 ? `Did you mean ${guesses.join(" or ")}?` : helpOf(),
  );
}

/** The parser of one command, or of a line without any. */
function commanderFor(name: string, write: (text: string) => void, width: number): Commander {
  return new Commander(name)
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeOut: write, writeErr: () => {}, getOutHelpWidth: () => width })
    .configureHelp({
      minWidthToWrap: 20,
      commandUsage: (shown) => `${shown.name()} ${shown.usage()}`,
      subcommandTerm: (shown) => shown.name(),
      optionDescription: ({ description }) => description,
    })
    .optionsGroup("Flags:")
    .helpOption(helpFlag.usage, helpFlag.description);
}

function describe(
  parser: Commander,
  { aliases = [] }: CommandSummary,
  command: Command,
  program: Program,
): void {
  const description = asTyped(command.description, program);
  parser
    .usage([command.arguments, "[flags]"].filter((part) => part !== undefined).join(" "))
    .description(description + (aliases.length > 0 ? `\n\nAliases: ${aliases.join(", ")}` : ""));
  if (command.arguments) parser.argument(command.arguments);
  define(parser, { flags: command.flags });
  parser.optionsGroup("Global flags:");
  define(parser, { flags: globalFlagsBeside(command.flags) });
  if (!hasFlag(command.flags, "--version")) defineVersion(parser);
  const examples = command.examples.map(([line, meaning]) => `  # ${meaning}\n  ${line}`);
  parser.addHelpText("after", asTyped(`\nExamples:\n${examples.join("\n")}`, program));
}

function defineVersion(parser: Commander): void {
  parser.version(`flamingo version ${version}`, versionFlag.usage, versionFlag.description);
}

/** The global flags, but for those whose place a flag of the command's own takes: one of the same key. */
function globalFlagsBeside(own: Flags): Flags {
  return Object.fromEntries(Object.entries(globalFlags).filter(([key]) => !(key in own)));
}

function hasFlag(flags: Flags, name: string): boolean {
  return Object.values(flags).some((flag) => longName(flag) === name);
}

function define(commander: Commander, { flags, hidden }: { flags: Flags; hidden?: true }): void {
  for (const flag of Object.values(flags))
    commander.addOption(optionFor(flag).hideHelp(hidden ?? flag.hidden ?? false));
}

function optionFor(flag: Flag): Option {
  // shown as Go shows it; that a bare one is meant is spelt out before commander reads it
  const option = new Option(flag.usage, flag.description);
  if (flag.bare !== undefined) option.flags = flag.usage.replace(/ <(.*)>/, "[=$1]");
  if (flag.repeatable) option.argParser((text: string, all: string[] | undefined) => [...(all ?? []), text]);
  // `--no-color` is a switch of its own here, not the negation of `--color`
  option.negate = false;
  return option;
}

/** commander's values under our keys, parsed, and the defaults of flags that were not given. */
function valuesOf(given: Record<string, unknown>, flags: Flags): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const text = given[attributeOf(flag)];
    const value = typeof text === "string" ? parsedValue(text, flag) : (text ?? flag.default);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** Under what commander keeps the value of a flag: "argocdNamespace". */
function attributeOf(flag: Flag): string {
  return longName(flag)
    .slice(2)
    .replace(/-./g, ([, letter = ""]) => letter.toUpperCase());
}

function parsedValue(text: string, flag: Flag): unknown {
  if (flag.choices && !flag.choices.includes(text)) {
    const [last, ...others] = flag.choices.toReversed();
    throw usageError(
      `${longName(flag)} ${JSON.stringify(text)} is not known`,
      `Choose ${others.reverse().join(", ")} or ${last}`,
    );
  }
  return flag.parse ? flag.parse(text) : text;
}

async function parse(program: Commander, line: readonly string[], help = helpOf()): Promise<void> {
  try {
    await program.parseAsync([...line], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw withHelp(error, help);
    if (error.exitCode !== 0) throw wrongCommandLine(error, help);
  }
}

/** A wrong command line without a hint of its own gets one. */
export function withHelp(error: unknown, help: string): unknown {
  const lacksHint =
    error instanceof UserError && error.exitCode === ExitCode.usage && error.hint === undefined;
  return lacksHint ? usageError(error.message, help) : error;
}

/** The few faults that only commander sees, such as one in a group of short flags. */
function wrongCommandLine({ code, message }: CommanderError, help: string): UserError {
  const [name = ""] = /--?[a-zA-Z][a-z-]*/.exec(message) ?? [];
  if (code === "commander.optionMissingArgument") return usageError(`${name} needs a value`, help);
  if (code === "commander.unknownOption") return usageError(`Unknown flag ${name}`, help);
  const [sentence = ""] = message.replace(/^error: /, "").split("\n");
  return usageError(sentence.charAt(0).toUpperCase() + sentence.slice(1).replace(/\.$/, ""), help);
}
