/** What a container's program is told on its command line, by the rules of Go's flags (pflag). Pure. */
import type { Container } from "../kinds.js";

/**
 * The words of the command line.
 *
 * @param expand what the kubelet makes of a word with variables in it
 */
export function commandLineOf(
  { command = [], args = [] }: Container,
  expand: (word: string) => string,
): string[] {
  return [...command, ...args].flatMap(wordsIn).map(expand);
}

/** Every value that a flag is given, `--flag=value` or `--flag value`; as a rule the last one counts. */
export function valuesOf(flag: string, words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (word === `--${flag}`) return words[index + 1] ?? [];
    return word.startsWith(`--${flag}=`) ? word.slice(flag.length + 3) : [];
  });
}

/** Whether a switch is on, `--flag` or `--flag=true`; undefined when it is not given. */
export function isOn(flag: string, words: readonly string[]): boolean | undefined {
  const given = words.findLast((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
  return given === undefined ? undefined : !/=(0|f|false)$/i.test(given);
}

/** A script for a shell is one word to Kubernetes. */
function wordsIn(word: string): string[] {
  return /\s/.test(word)
    ? word
        .replaceAll(/["'\\]/g, " ")
        .split(/\s+/)
        .filter(Boolean)
    : [word];
}
