import type { Flag, Flags } from "../commands/flag.js";
import { commands } from "../commands/index.js";
import { findCommand, flagsByName, nameAndValue, namesOf, placeholder, takesValue } from "./go-flags.js";
import { flagsOf, helpCommandAsFlag, isCommand, summaryOf } from "./parse.js";

/** What may stand at the end of a command line that is being typed. */
export interface Offer {
  /** what definitions know, and what it means */
  words: readonly (readonly [word: string, meaning?: string])[];
  /** what only the disk, the kubeconfig or the cluster know */
  names: readonly Names[];
  /** what is typed of it so far, behind `before` */
  typed: string;
  /** stands before it in the same word: "--context=" */
  before: string;
  /** the whole words that stand before it */
  line: readonly string[];
}

export type Names = "file" | "folder" | "context" | "cluster" | "namespace" | "workload" | "application";

/** The placeholders of flags and arguments that stand for names. */
const namesBy: Readonly<Record<string, Names>> = {
  file: "file",
  path: "file",
  folder: "folder",
  context: "context",
  CONTEXT: "context",
  cluster: "cluster",
  namespace: "namespace",
  application: "application",
  NAME: "application",
  REF: "workload",
};

/**
 * What may come next, by the definitions of commands and flags alone.
 *
 * @param words of the line without `flamingo`; the last one, perhaps empty, is being typed
 */
export async function offerFor(words: readonly string[]): Promise<Offer> {
  const line = helpCommandAsFlag(words.slice(0, -1));
  const typed = words.at(-1) ?? "";
  const index = findCommand(line, flagsOf(), isCommand);
  const command = index === -1 ? undefined : await summaryOf(line[index])?.load();
  const nothing: Offer = { words: [], names: [], typed, before: "", line };
  if (index !== -1 && !command) return nothing;
  const flags = flagsOf(command);
  const { awaits, onlyArguments } = readUnfinished(index === -1 ? line : line.toSpliced(index, 1), flags);
  if (awaits) return { ...nothing, line: line.slice(0, -1), ...valuesOf(awaits) };
  if (!onlyArguments && typed.startsWith("-")) {
    const [name, value] = nameAndValue(typed);
    const flag = flagsByName(flags).get(name);
    if (value === undefined) return { ...nothing, words: namesIn(flags) };
    if (!flag || !takesValue(flag)) return nothing;
    return { ...nothing, typed: value, before: `${name}=`, ...valuesOf(flag) };
  }
  if (!command) return { ...nothing, words: commands.map(({ name, summary }) => [name, summary]) };
  return { ...nothing, ...offeredFor(command.arguments ?? "") };
}

/** Where a line has come to that need not be right. */
function readUnfinished(
  line: readonly string[],
  flags: Flags,
): { awaits?: Flag | undefined; onlyArguments: boolean } {
  const byName = flagsByName(flags);
  let awaits: Flag | undefined;
  for (const word of line) {
    if (awaits) {
      awaits = undefined;
      continue;
    }
    if (word === "--") return { onlyArguments: true };
    const [name, value] = nameAndValue(word);
    const flag = byName.get(name);
    if (flag && takesValue(flag) && value === undefined && flag.bare === undefined) awaits = flag;
  }
  return { awaits, onlyArguments: false };
}

function namesIn(flags: Flags): Offer["words"] {
  return Object.values(flags)
    .filter(({ hidden }) => !hidden)
    .flatMap((flag) => namesOf(flag).map((name) => [name, flag.description] as const))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function valuesOf(flag: Flag): Pick<Offer, "words" | "names"> {
  return flag.choices
    ? { words: flag.choices.map((word) => [word]), names: [] }
    : offeredFor(placeholder(flag));
}

/** @param text "<namespace>", "<ks|hr>", "<file|url>", "[NAME|REF...]" */
function offeredFor(text: string): Pick<Offer, "words" | "names"> {
  const parts = text.replace(/[<>[\]]|\.\.\./g, "").split("|");
  const names = parts.flatMap((part) => namesBy[part] ?? []);
  return { names, words: names.length === 0 && parts.length > 1 ? parts.map((part) => [part]) : [] };
}
