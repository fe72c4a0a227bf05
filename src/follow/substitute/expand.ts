import { type Change, changes, lengthOf, orDefault } from "./functions.js";

/** A text with its variables put in, and the names of those whose value is not known: they stay as they stand. */
export interface Expanded {
  text: string;
  unknown: string[];
}

/** An expression that envsubst refuses: "bad substitution: ${A". */
export class BadSubstitution extends Error {}

/**
 * Puts variables into a text as fluxcd/pkg's envsubst 1.7 does: `${VAR}` with its operators, `$$` is a `$`, `$VAR` no variable.
 *
 * @param resolve undefined when it is not known
 * @throws BadSubstitution
 */
export function expand(text: string, resolve: (name: string) => string | undefined): Expanded {
  const reader = new Reader(text, resolve);
  return { text: reader.all(), unknown: [...reader.unknown] };
}

/** Operators, longest first, and what an argument may hold. */
const operators = /:[-=?+]|=|,{1,2}|\^{1,2}|##?|%%?|\/[/#%]?|:/y;
const inDefault = /(?:(?!\$\{)[^}])+/y;
const inPart = /(?:(?!\$\{)[^:}])+/y;
const inPattern = /(?:\$\$|\\[/\\]|(?!\$\{)[^/])+/y;
const inReplacement = /(?:\$\$|\\[/\\]|(?!\$\{)[^}])+/y;

class Reader {
  readonly unknown = new Set<string>();
  readonly #text: string;
  readonly #resolve: (name: string) => string | undefined;
  #at = 0;

  constructor(text: string, resolve: (name: string) => string | undefined) {
    this.#text = text;
    this.#resolve = resolve;
  }

  all(): string {
    let result = "";
    while (this.#at < this.#text.length) {
      if (this.#take("${")) {
        const start = this.#at - 2;
        result += this.#expression() ?? this.#text.slice(start, this.#at);
      } else {
        if (this.#text.startsWith("$$", this.#at)) this.#at++;
        result += this.#text[this.#at++];
      }
    }
    return result;
  }

  /** The value of what stands after "${"; undefined when it is not known. */
  #expression(): string | undefined {
    const asksLength = this.#take("#");
    const name = this.#match(/[\p{L}\p{Nd}_]+/uy);
    if (name === "") throw this.#bad();
    const operator = asksLength ? "" : this.#match(operators);
    const args = this.#arguments(operator);
    if (!this.#take("}")) throw this.#bad();
    const value = this.#resolve(name);
    if (value === undefined) this.unknown.add(name);
    if (value === undefined) return undefined;
    const change: Change = asksLength ? lengthOf : (changes[operator] ?? orDefault);
    // an argument that is not needed may be unknown
    if (change === orDefault && value !== "") return value;
    return args.includes(undefined) ? undefined : change(value, args as string[]);
  }

  #arguments(operator: string): (string | undefined)[] {
    if (operator === "" || /^[,^]/.test(operator)) return [];
    if (operator === ":") {
      const first = this.#argument(inPart);
      return this.#take(":") ? [first, this.#argument(inDefault)] : [first];
    }
    if (/^[#%]/.test(operator)) return [this.#argument(inDefault)];
    if (operator.startsWith("/")) {
      const from = this.#argument(inPattern);
      if (!this.#take("/")) throw this.#bad();
      return this.#text[this.#at] === "}" ? [from] : [from, this.#argument(inReplacement)];
    }
    const parts: (string | undefined)[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== "}")
      parts.push(this.#argument(inDefault));
    return parts;
  }

  /** One expression or text. */
  #argument(pattern: RegExp): string | undefined {
    if (this.#take("${")) return this.#expression();
    const found = this.#match(pattern);
    if (found === "") throw this.#bad();
    const escapes = pattern === inPattern || pattern === inReplacement;
    return escapes ? found.replace(/\$\$|\\[/\\]/g, ([, kept = ""]) => kept) : found;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #bad(): BadSubstitution {
    const start = this.#text.lastIndexOf("${", this.#at);
    return new BadSubstitution(`bad substitution: ${this.#text.slice(start, start + 60).split("\n")[0]}`);
  }
}
