/** The patterns in an AppProject. One that cannot be read matches nothing, as in Argo CD. */

export type Matcher = (text: string) => boolean;

const nothing: Matcher = () => false;

/**
 * A pattern for repositories and destinations (gobwas/glob): `*` stops at the separator, `**` does not, `?`, `[a-z]`,
 * `[!abc]`, `{a,b}`, `\` before what is meant as it stands.
 */
export function globMatcher(pattern: string, separator = ""): Matcher {
  const one = separator === "" ? "[\\s\\S]" : `[^${separator}]`;
  const source = translate(pattern, { "*": `${one}*`, "**": "[\\s\\S]*", "?": one }, "!");
  return source === undefined ? nothing : matcher(withAlternatives(source));
}

/** A pattern for groups, kinds and names (Go's `path/filepath.Match`): `*` and `?` stop at "/". */
export function pathMatcher(pattern: string): Matcher {
  const source = translate(pattern, { "*": "[^/]*", "**": "[^/]*", "?": "[^/]" }, "^");
  return source === undefined ? nothing : matcher(source.map(({ text }) => text).join(""));
}

/** A pattern for namespaces of Applications: `/REGULAR EXPRESSION/`, which may match any part, or a glob. */
export function namespaceMatcher(pattern: string): Matcher {
  const expression = /^\/(.+)\/$/s.exec(pattern)?.[1];
  return expression === undefined ? globMatcher(pattern) : compiled(expression);
}

/** A piece of a regular expression; `bare` when the pattern holds that very character without meaning it as it stands. */
interface Piece {
  text: string;
  bare?: string;
}

const token = /\*\*?|\[([!^]?)([^\]]+)\]|\\([\s\S])|[\s\S]/g;

function translate(
  pattern: string,
  wildcards: Readonly<Record<string, string>>,
  negation: string,
): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const [whole, sign = "", characters, escaped] of pattern.matchAll(token)) {
    if (whole === "[" || whole === "\\") return undefined;
    if (escaped !== undefined) pieces.push({ text: literal(escaped) });
    else if (characters !== undefined) pieces.push({ text: characterClass(sign, characters, negation) });
    else pieces.push({ text: wildcards[whole] ?? literal(whole), bare: whole });
  }
  return pieces;
}

function withAlternatives(pieces: readonly Piece[]): string {
  let depth = 0;
  return pieces
    .map(({ text, bare }) => {
      if (bare === "{") depth++;
      if (depth === 0) return text;
      if (bare === "}") depth--;
      return { "{": "(?:", "}": ")", ",": "|" }[bare ?? ""] ?? text;
    })
    .join("");
}

function characterClass(sign: string, characters: string, negation: string): string {
  const negated = sign !== "" && sign === negation;
  return `[${negated ? "^" : literal(sign)}${characters.replace(/[\\^[]/g, "\\$&")}]`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function matcher(source: string): Matcher {
  return compiled(`^(?:${source})$`);
}

function compiled(source: string): Matcher {
  try {
    const expression = new RegExp(source);
    return (text) => expression.test(text);
  } catch (error) {
    if (error instanceof SyntaxError) return nothing;
    throw error;
  }
}
