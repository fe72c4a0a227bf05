import { visibleLines } from "../text/visible.js";
import type { Screen } from "./screen.js";

type Env = Readonly<Record<string, string | undefined>>;

/** Whether this stream gets colour: only a terminal, and never with NO_COLOR, TERM=dumb or CI. */
export function hasColour(screen: Screen, env: Env): boolean {
  return screen.isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb" && !env["CI"];
}

// Node's styleText() looks at stdout and FORCE_COLOR, whichever stream is meant
const colours = { green: "32", yellow: "33", red: "31" } as const;

export type Colour = keyof typeof colours;

/** Colours a text where the stream gets colour, and where there is one to be given. */
export function painter(screen: Screen, env: Env): (colour: Colour | undefined, text: string) => string {
  const isColoured = hasColour(screen, env);
  return (colour, text) => (colour && isColoured ? `\x1b[${colours[colour]}m${text}\x1b[39m` : text);
}

const symbols = { act: "►", generate: "✚", wait: "◎", done: "✔", warning: "⚠", failure: "✗" } as const;

interface Outlet {
  readonly stderr: Screen;
  readonly env: Env;
  /** what is done to each text before it is said */
  asTyped?(text: string): string;
}

/** Steps, warnings and failures on stderr, with Flux's symbols, a line each; whatever else is in a text neither moves the cursor nor begins a line. */
export class Voice {
  readonly #outlet: Outlet;

  /** @param outlet its stderr is looked for with the first word only: opening that stream takes time */
  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  act(text: string): void {
    this.#line(symbols.act, text);
  }

  generate(text: string): void {
    this.#line(symbols.generate, text);
  }

  wait(text: string): void {
    this.#line(symbols.wait, text);
  }

  done(text: string): void {
    this.#line(this.#paint("green", symbols.done), text);
  }

  warning(text: string, hint?: string): void {
    this.#line(this.#paint("yellow", symbols.warning), text, hint);
  }

  failure(text: string, hint?: string): void {
    this.#line(this.#paint("red", symbols.failure), text, hint);
  }

  /** For `--verbose`. */
  readonly trace = (text: string): void => {
    this.#outlet.stderr.stream.write(`  ${visibleLines(text)}\n`);
  };

  #line(symbol: string, text: string, hint?: string): void {
    // what Flux says often ends with an empty line
    const first = `${visibleLines(text.trimEnd())}\n`;
    const second = hint === undefined ? "" : `  hint: ${visibleLines(hint)}\n`;
    const { stderr, asTyped = (said) => said } = this.#outlet;
    stderr.stream.write(`${symbol} ${asTyped(first + second)}`);
  }

  #paint(colour: Colour, symbol: string): string {
    const { stderr, env } = this.#outlet;
    return painter(stderr, env)(colour, symbol);
  }
}
