import { visible } from "../text/visible.js";
import type { Screen } from "./screen.js";
import { cutTo } from "./table.js";
import { hasColour } from "./voice.js";

/** Lines that are written over again and again; nothing where there is no terminal. */
export class Progress {
  readonly #screen: Screen;
  readonly #shown: boolean;
  #last: readonly string[] = [];

  constructor(screen: Screen, env: Readonly<Record<string, string | undefined>>) {
    this.#screen = screen;
    this.#shown = hasColour(screen, env) && (screen.columns ?? 0) > 0;
  }

  update(...texts: string[]): void {
    if (!this.#shown) return;
    const lines = texts.map((text) => cutTo(visible(text), (this.#screen.columns ?? 1) - 1));
    this.#screen.stream.write(this.#back() + lines.join("\n"));
    this.#last = lines;
  }

  /** Takes the lines away, so that others can write. */
  clear(): void {
    if (this.#last.length > 0) this.#screen.stream.write(this.#back());
    this.#last = [];
  }

  /** To where the first line begins, and nothing behind it. */
  #back(): string {
    const up = this.#last.length - 1;
    return `${up > 0 ? `\x1b[${up}A\r\x1b[J` : ""}\r\x1b[2K`;
  }
}
