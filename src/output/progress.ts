import { visible } from "../text/visible.js";
import type { Screen } from "./screen.js";
import { hasColour } from "./voice.js";

/** One line that is written over again and again; nothing where there is no terminal. */
export class Progress {
  readonly #screen: Screen;
  readonly #shown: boolean;
  #last = "";

  constructor(screen: Screen, env: Readonly<Record<string, string | undefined>>) {
    this.#screen = screen;
    this.#shown = hasColour(screen, env) && (screen.columns ?? 0) > 0;
  }

  update(text: string): void {
    if (!this.#shown) return;
    const line = visible(text).slice(0, (this.#screen.columns ?? 1) - 1);
    this.#screen.stream.write(`\r\x1b[2K${line}`);
    this.#last = line;
  }

  /** Takes the line away, so that others can write. */
  clear(): void {
    if (this.#last !== "") this.#screen.stream.write("\r\x1b[2K");
    this.#last = "";
  }
}
