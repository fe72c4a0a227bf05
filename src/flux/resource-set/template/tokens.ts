import { TemplateError } from "./errors.js";

/** A piece of an action: `inputs`, `.tenant`, `$name`, `"text"`, `2`, `|`. */
export interface Token {
  kind: "word" | "field" | "variable" | "text" | "number" | "mark";
  /** as it stands */
  text: string;
  /** nothing stands between it and the one before: `inputs.tenant` */
  joined: boolean;
}

/** A template is text with actions in it. */
export type Piece = { text: string } | { action: Token[] };

const kinds: readonly (readonly [Token["kind"], RegExp])[] = [
  ["text", /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ["number", /[-+]?\d[\w.]*/y],
  ["word", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["mark", /:=|[|(),=.]/y],
];
const opening = /<<(-(?=\s))?/g;
const comment = /\s*\/\*[\s\S]*?\*\//y;
const closing = /\s+(-)>>|\s*>>/y;
const space = /\s*/y;

/**
 * Splits a template at its actions: `<< >>`, `<<- ->>` without the white space around them; comments are dropped.
 *
 * @throws TemplateError
 */
export function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimsNext = false;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(template);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (at < template.length) {
    const start = at;
    const open = take(opening);
    if (!open) at = template.length;
    const text = template.slice(start, open?.index);
    const kept = open?.[1] ? text.trimEnd() : text;
    pieces.push({ text: trimsNext ? kept.trimStart() : kept });
    if (!open) break;
    const isComment = take(comment) !== null;
    const action: Token[] = [];
    let close = take(closing);
    while (!close) {
      const joined = take(space)?.[0] === "";
      action.push({ ...tokenBy(take, template.slice(open.index)), joined });
      close = take(closing);
    }
    if (!isComment) pieces.push({ action });
    trimsNext = close[1] !== undefined;
  }
  return pieces;
}

function tokenBy(take: (pattern: RegExp) => RegExpExecArray | null, action: string): Omit<Token, "joined"> {
  for (const [kind, pattern] of kinds) {
    const found = take(pattern);
    if (found) return { kind, text: found[0] };
  }
  throw new TemplateError(`${action.split("\n")[0]} is no action of a template`);
}
