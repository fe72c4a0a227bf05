import { RE2JS, RE2JSException } from "re2js";
import { exactly, pointOf, type Step, stepsMatcher, type Taker, within } from "../text/pattern.js";

export type Matcher = (text: string) => boolean;

/**
 * A pattern for repositories, destinations and namespaces: `*` stops at the separator, `**` does not, `?`, `[a-z]`, `[!abc]`,
 * `{a,b}`, `\` before what is meant as it stands. One that cannot be read matches nothing. It means what it means to gobwas/glob
 * 1.0.0, which Argo CD has from 3.6 on; the 0.2.3 before fails to see some matches.
 */
export function globMatcher(pattern: string, separator = ""): Matcher {
  if (!/[*?[\]{}\\]/.test(pattern)) return (text) => text === pattern;
  const steps = stepsIn(pattern, separator);
  return steps ? stepsMatcher(steps) : () => false;
}

/**
 * A pattern for namespaces of Applications: `/REGULAR EXPRESSION/`, which may match any part, or a glob. Expressions are RE2's, which
 * take as long as the text is: what Argo CD reads beyond that (lookahead, backreferences) matches nothing.
 */
export function namespaceMatcher(pattern: string): Matcher {
  const expression = expressionIn(pattern);
  if (expression === undefined) return globMatcher(pattern);
  const compiled = compile(expression);
  return (text) => compiled?.matcher(text).find() ?? false;
}

/** Whether that is a pattern for namespaces that matches nothing because it cannot be read. */
export function isUnreadableExpression(pattern: string): boolean {
  const expression = expressionIn(pattern);
  return expression !== undefined && compile(expression) === undefined;
}

function expressionIn(pattern: string): string | undefined {
  return /^\/(.+)\/$/s.exec(pattern)?.[1];
}

function compile(expression: string): RE2JS | undefined {
  try {
    return RE2JS.compile(expression);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}

/** A class is one range or a set that is not empty. Whatever stands before "-" in second place begins a range, even "\" and "]". */
const token =
  /\[(?<not>!|(?!!))(?:(?<first>.)-(?<last>.)|(?!.-)(?<set>(?:\\.|[^\]\\])+))\]|\\(?<escaped>.)|\*\*?|./gsu;

/** An open brace: its place, and where each of its alternatives begins and ends. */
interface Group {
  open: number;
  begins: number[];
  ends: number[];
}

function stepsIn(pattern: string, separator: string): Step[] | undefined {
  const any: Taker = () => true;
  const one: Taker = (character) => character !== separator;
  const steps: Step[] = [];
  const groups: Group[] = [];
  for (const { 0: text, groups: parts = {} } of pattern.matchAll(token)) {
    const group = groups.at(-1);
    if (text === "*") steps.push({ takes: one, repeats: true });
    else if (text === "**") steps.push({ takes: any, repeats: true });
    else if (text === "?") steps.push({ takes: one });
    else if (text === "{") {
      groups.push({ open: steps.length, begins: [steps.length + 1], ends: [] });
      steps.push({ to: [] });
    } else if (group && text === ",") {
      group.ends.push(steps.length);
      group.begins.push(steps.length + 1);
      steps.push({ to: [] });
    } else if (group && text === "}") {
      groups.pop();
      steps[group.open] = { to: group.begins };
      for (const end of group.ends) steps[end] = { to: [steps.length] };
    } else {
      const takes = takerOf(text, parts);
      if (!takes) return undefined;
      steps.push({ takes });
    }
  }
  return groups.length === 0 ? steps : undefined;
}

/** Of a class or of a character that is meant as it stands. */
function takerOf(text: string, parts: Readonly<Record<string, string>>): Taker | undefined {
  const { not, first, last, set, escaped } = parts;
  if (escaped !== undefined) return exactly(escaped);
  if (first !== undefined && last !== undefined)
    return pointOf(first) <= pointOf(last) ? within([[first, last]], not === "!") : undefined;
  if (set !== undefined) {
    const characters = [...set.replace(/\\(.)/gsu, "$1")];
    return within(
      characters.map((character) => [character, character]),
      not === "!",
    );
  }
  return text === "[" || text === "\\" ? undefined : exactly(text);
}
