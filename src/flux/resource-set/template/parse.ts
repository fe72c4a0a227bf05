import type { Budget } from "./budget.js";
import { notFilledIn, TemplateError } from "./errors.js";
import { isFunction } from "./functions.js";
import { type Piece, piecesOf, type Token } from "./tokens.js";
import type { Value } from "./values.js";

/** Text, a value to put in, or a block. */
export type Node =
  | { text: string }
  | { put: Pipeline }
  | { block: "if" | "with" | "range"; on: Pipeline; body: Node[]; otherwise: Node[] };

/** `$name := command | command` */
export interface Pipeline {
  variables: string[];
  /** the variables are new; else they get another value */
  declares: boolean;
  /** a function or value, and what the function is given */
  commands: Operand[][];
}

export interface Operand {
  term: { call: string } | { variable: string } | { value: Value } | { pipeline: Pipeline } | "dot";
  /** `.app.version` after it */
  fields: string[];
}

const blocks = new Set(["if", "with", "range"]);
const words: Readonly<Record<string, Value>> = { true: true, false: false, nil: null };
const otherKeywords = new Set(["define", "template", "block", "break", "continue"]);

/**
 * Reads a template of Go's text/template, in `<< >>`.
 *
 * @throws TemplateError also when it is too much
 * @throws NotTold for words that are not filled in
 */
export function parseTemplate(template: string, budget: Budget): Node[] {
  budget.spend(template.length);
  const parser = new Parser(piecesOf(template), budget);
  const { nodes, end } = parser.nodes();
  if (end) throw new TemplateError(`unexpected << ${end.first} >>`);
  return nodes;
}

/** What ends a list of nodes: `end`, or `else` with what follows it. */
interface End {
  first: string;
  rest: Token[];
}

class Parser {
  readonly #pieces: readonly Piece[];
  readonly #budget: Budget;
  readonly #variables: string[] = [];
  #at = 0;

  constructor(pieces: readonly Piece[], budget: Budget) {
    this.#pieces = pieces;
    this.#budget = budget;
  }

  nodes(): { nodes: Node[]; end: End | undefined } {
    const nodes: Node[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at++] as Piece;
      if ("text" in piece) {
        nodes.push(piece);
        continue;
      }
      const [{ kind, text: first } = { kind: "mark", text: "" }, ...rest] = piece.action;
      if (kind === "word" && (first === "end" || first === "else")) return { nodes, end: { first, rest } };
      if (kind === "word" && otherKeywords.has(first)) throw notFilledIn(first);
      const isBlock = kind === "word" && blocks.has(first);
      nodes.push(isBlock ? this.#block(first, rest) : { put: this.#whole(piece.action) });
    }
    return { nodes, end: undefined };
  }

  #block(block: string, tokens: Token[]): Node {
    const outer = this.#variables.length;
    const on = this.#whole(tokens);
    const inner = this.#variables.length;
    const { nodes: body, end } = this.nodes();
    this.#variables.length = inner;
    const otherwise = end?.first === "else" ? this.#otherwise(end.rest) : [];
    if (!end) throw new TemplateError(`<< ${block} >> has no << end >>`);
    this.#variables.length = outer;
    return { block: block as "if" | "with" | "range", on, body, otherwise };
  }

  /** `else if …` is a block of its own that ends with the one around it. */
  #otherwise([next, ...rest]: Token[]): Node[] {
    if (next && blocks.has(next.text)) return [this.#block(next.text, rest)];
    const { nodes, end } = this.nodes();
    if (next || end?.first !== "end") throw new TemplateError("<< else >> has no << end >>");
    return nodes;
  }

  #whole(tokens: Token[]): Pipeline {
    // the next one is the last: to take the first of many costs as much as there are
    const rest = tokens.toReversed();
    const pipeline = this.#pipeline(rest);
    const next = rest.at(-1);
    if (next) throw new TemplateError(`unexpected ${next.text}`);
    return pipeline;
  }

  #pipeline(tokens: Token[]): Pipeline {
    const { variables, declares } = takeVariables(tokens);
    const commands = [this.#command(tokens)];
    while (tokens.at(-1)?.text === "|") {
      tokens.pop();
      commands.push(this.#command(tokens));
    }
    if (declares) this.#variables.push(...variables);
    return { variables, declares, commands };
  }

  #command(tokens: Token[]): Operand[] {
    const operands: Operand[] = [];
    for (let next = tokens.at(-1); next && !endsCommand(next); next = tokens.at(-1))
      operands.push(this.#operand(tokens));
    if (operands.length === 0) throw new TemplateError("missing value for command");
    return operands;
  }

  #operand(tokens: Token[]): Operand {
    const token = tokens.pop() as Token;
    const fields = token.kind === "field" ? [token.text.slice(1)] : [];
    const term = token.kind === "field" ? "dot" : this.#term(token, tokens);
    for (let next = tokens.at(-1); next?.kind === "field" && next.joined; next = tokens.at(-1)) {
      fields.push(next.text.slice(1));
      tokens.pop();
    }
    return { term, fields };
  }

  #term({ kind, text }: Token, tokens: Token[]): Operand["term"] {
    if (kind === "text") return { value: textIn(text) };
    if (kind === "number") return { value: numberIn(text) };
    if (kind === "variable") {
      if (text === "$") throw notFilledIn("$");
      this.#budget.spend(this.#variables.length);
      if (!this.#variables.includes(text)) throw new TemplateError(`undefined variable "${text}"`);
      return { variable: text };
    }
    if (kind === "word") {
      if (Object.hasOwn(words, text)) return { value: words[text] as Value };
      if (!isFunction(text)) throw notFilledIn(text);
      return { call: text };
    }
    if (text === ".") return "dot";
    if (text !== "(") throw new TemplateError(`unexpected ${text}`);
    const pipeline = this.#pipeline(tokens);
    if (tokens.pop()?.text !== ")") throw new TemplateError("unclosed left paren");
    return { pipeline };
  }
}

/**
 * The variables that a pipeline sets, `$a :=` or `$a, $b =`: they are taken off.
 *
 * @param tokens the next one is the last
 */
function takeVariables(tokens: Token[]): Pick<Pipeline, "variables" | "declares"> {
  const isBefore = ({ kind, text }: Token) => kind === "variable" || text === ",";
  const sign = tokens.findLastIndex((token) => !isBefore(token));
  const { text } = tokens[sign] ?? { text: "" };
  const names = tokens.slice(sign + 1).filter(({ kind }) => kind === "variable");
  if (names.length === 0 || (text !== ":=" && text !== "=")) return { variables: [], declares: false };
  tokens.length = sign;
  return { variables: names.map((name) => name.text).reverse(), declares: text === ":=" };
}

function endsCommand({ kind, text }: Token): boolean {
  return kind === "mark" && /^[|)]$/.test(text);
}

function textIn(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal.replaceAll("\t", "\\t")) as string;
  } catch {
    throw notFilledIn(literal);
  }
}

function numberIn(literal: string): Value {
  if (/^[-+]?(?:0|[1-9]\d*)$/.test(literal)) return BigInt(literal.replace("+", ""));
  if (/^[-+]?\d+\.\d+$/.test(literal)) return Number(literal);
  throw notFilledIn(literal);
}
