import type { Flag, Flags } from "../commands/flag.js";
import { usageError } from "../errors.js";
import { closest } from "../text/closest.js";

/** Go's flags (pflag), as users of kubectl and flux write them, brought into the forms that commander reads. Pure. */

interface Word {
  text: string;
  /** the switch that it turns on */
  on?: Flag;
}

/**
 * Every flag of the line as `--flag`, `--flag=value` or `--flag value`:
 *
 * - `-o=json` is `-o json`, `--all=true` is `--all`, and `--all=false` takes back an `--all` before it;
 * - a flag whose value may be left out (`--dry-run`) never takes the next word for its value;
 * - what follows `--` stays as it is.
 *
 * @param help ends the hints: "See 'flamingo generate-app --help'"
 * @throws UserError with exit code 2 for an unknown flag, a missing value, a switch that is neither true nor false
 */
export function spellOut(words: readonly string[], flags: Flags, help: string): string[] {
  const byName = flagsByName(flags);
  const result: Word[] = [];
  const rest = words.values();
  for (const word of rest) {
    if (word === "--") return [...result.map(({ text }) => text), word, ...rest];
    const [name, value] = nameAndValue(word);
    const flag = byName.get(name);
    if (!flag) {
      if (isFlag(word)) checkGroup(word, name, byName, help);
      result.push({ text: word });
    } else if (!takesValue(flag)) {
      if (isOn(name, value)) result.push({ text: name, on: flag });
      else turnOff(flag, result);
    } else if (value !== undefined || flag.bare !== undefined) {
      result.push({ text: `${longName(flag)}=${value ?? flag.bare}` });
    } else {
      const next = rest.next();
      if (next.done) throw usageError(`${name} needs a value`, `Write it as ${name} ${placeholder(flag)}`);
      result.push({ text: name }, { text: next.value });
    }
  }
  return result.map(({ text }) => text);
}

/**
 * Where the command's name stands; flags may stand before it. -1 when there is none.
 *
 * @param flags those that every command has; of others before the name it is not known whether they take a value, so a
 *   word behind one counts only when it names a command
 */
export function findCommand(
  words: readonly string[],
  flags: Flags,
  isCommand: (word: string) => boolean,
): number {
  const byName = flagsByName(flags);
  let mayBeValue = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") return index + 1 < words.length ? index + 1 : -1;
    if (!isFlag(word)) {
      if (!mayBeValue || isCommand(word)) return index;
      mayBeValue = false;
      continue;
    }
    const [name, value] = nameAndValue(word);
    const flag = byName.get(name);
    if (flag && takesValue(flag) && value === undefined && flag.bare === undefined) index++;
    mayBeValue = flag === undefined && value === undefined;
  }
  return -1;
}

/** "--namespace", the name that a flag is spoken of by. */
export function longName(flag: Flag): string {
  return namesOf(flag).at(-1) ?? "";
}

export function takesValue(flag: Flag): boolean {
  return flag.usage.includes("<");
}

const knownNames = new WeakMap<Flag, string[]>();

/** "-n" and "--namespace". Each flag is asked for them several times at every start. */
export function namesOf(flag: Flag): string[] {
  const known = knownNames.get(flag);
  if (known) return known;
  const names = flag.usage.match(/(?<![\w<-])--?[a-z][a-z-]*/gi) ?? [];
  knownNames.set(flag, names);
  return names;
}

/** "<namespace>" */
export function placeholder(flag: Flag): string {
  return /<.*>/.exec(flag.usage)?.[0] ?? "";
}

/** "-n" and "--namespace" → the flag */
export function flagsByName(flags: Flags): Map<string, Flag> {
  return new Map(Object.values(flags).flatMap((flag) => namesOf(flag).map((name) => [name, flag] as const)));
}

/** "-" alone is stdin. */
function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

/** "--context" and "dev" of "--context=dev" */
export function nameAndValue(word: string): [name: string, value: string | undefined] {
  const cut = word.indexOf("=");
  // of "-lteam=web" the name is "-l", and "team=web" its value
  if (cut === -1 || (!word.startsWith("--") && cut !== 2)) return [word, undefined];
  return [word.slice(0, cut), word.slice(cut + 1)];
}

function isOn(name: string, value: string | undefined): boolean {
  if (value === undefined || /^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  throw usageError(
    `${name} ${JSON.stringify(value)} is neither true nor false`,
    `Write ${name}, or ${name}=false`,
  );
}

function turnOff(flag: Flag, words: Word[]): void {
  for (let index = words.length - 1; index >= 0; index--)
    if (words[index]?.on === flag) words.splice(index, 1);
}

/** Short flags in one word (`-An web`, `-ojson`): commander reads them, here the first is looked at. */
function checkGroup(word: string, name: string, byName: ReadonlyMap<string, Flag>, help: string): void {
  if (!word.startsWith("--") && byName.has(word.slice(0, 2))) return;
  // never more than the name: the rest may be a secret
  const known = [...byName].flatMap(([candidate, flag]) => (flag.hidden ? [] : [candidate]));
  const shown = word.startsWith("--") ? name : word.slice(0, 2);
  const guesses = closest(
    shown,
    known.filter((candidate) => candidate.startsWith("--")),
  );
  throw usageError(
    `Unknown flag ${shown}`,
    guesses.length > 0 ? `Did you mean ${guesses.join(" or ")}?` : help,
  );
}
