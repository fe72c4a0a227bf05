import { exactly, type Step, stepsMatcher, type Taker, within } from "./pattern.js";

/**
 * A pattern as Go's `path/filepath.Match` reads it: `*` and `?` stop at "/", `[a-z0-9]`, `[^abc]`, `\` before what is meant as it
 * stands. One that cannot be read matches nothing.
 */
export function pathMatcher(pattern: string): (text: string) => boolean {
  return matcher(pattern, (character) => character !== "/");
}

/** The same pattern for words: `*` and `?` take every character. */
export function wordMatcher(pattern: string): (text: string) => boolean {
  return matcher(pattern, () => true);
}

function matcher(pattern: string, one: Taker): (text: string) => boolean {
  const steps = stepsIn(pattern, one);
  return steps ? stepsMatcher(steps) : () => false;
}

/** In a class, "-", "]" and "\" are written with a "\" before them. */
const token =
  /\[(?<not>\^|(?!\^))(?<ranges>(?:(?:\\.|[^\-\]\\])(?:-(?:\\.|[^\-\]\\]))?)+)\]|\\(?<escaped>.)|./gsu;
const range = /\\?(.)(?:-\\?(.))?/gsu;

function stepsIn(pattern: string, one: Taker): Step[] | undefined {
  const steps: Step[] = [];
  for (const { 0: text, groups = {} } of pattern.matchAll(token)) {
    const { not, ranges, escaped } = groups;
    if (text === "[" || text === "\\") return undefined;
    if (text === "*") steps.push({ takes: one, repeats: true });
    else if (text === "?") steps.push({ takes: one });
    else if (ranges === undefined) steps.push({ takes: exactly(escaped ?? text) });
    else {
      const read = [...ranges.matchAll(range)].map(([, first = "", last = first]) => [first, last] as const);
      steps.push({ takes: within(read, not === "^") });
    }
  }
  return steps;
}
