/** Several values by each key. A set of one takes more memory than all else here, so there are sets only where there are two. */
export class Several {
  readonly #byKey = new Map<string, string | Set<string>>();

  of(key: string): Iterable<string> {
    const known = this.#byKey.get(key) ?? [];
    return typeof known === "string" ? [known] : known;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  add(key: string, value: string): void {
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, value);
    else if (typeof known !== "string") known.add(value);
    else if (known !== value) this.#byKey.set(key, new Set([known, value]));
  }

  delete(key: string, value: string): void {
    const known = this.#byKey.get(key);
    if (known === value) this.#byKey.delete(key);
    else if (typeof known === "object" && known.delete(value) && known.size === 0) this.#byKey.delete(key);
  }
}
