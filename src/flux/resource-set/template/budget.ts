import { tooMuch } from "./errors.js";
import { sizeOf, type Value } from "./values.js";

/** What templates may still cost: 1 for each step, and for each character that is read or made. */
export class Budget {
  #left: number;

  constructor(units: number) {
    this.#left = units;
  }

  get left(): number {
    return Math.max(0, this.#left);
  }

  /** @throws TemplateError when nothing is left */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw tooMuch();
  }

  /** What a value costs that is written out, with its indentation: as often as it stands there, and without an end when it holds itself. */
  spendOn(value: Value, depth = 0): void {
    const isLeaf = typeof value !== "object" || value === null;
    this.spend(2 * depth + (isLeaf ? sizeOf(value) : 1));
    if (isLeaf) return;
    for (const [key, one] of Object.entries(value)) {
      this.spend(key.length);
      this.spendOn(one, depth + 1);
    }
  }
}
