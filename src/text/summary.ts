/** So many with one cause are told one by one; more share a line. */
const toldAlone = 3;

/** What is to be said of many things, where those with one cause are told together. */
export class Summary<T extends { readonly subject: string }> {
  readonly #causes = new Map<string, { first: T[]; count: number }>();

  add(cause: string, item: T): void {
    const known = this.#causes.get(cause) ?? { first: [], count: 0 };
    known.count++;
    if (known.first.length < toldAlone) known.first.push(item);
    this.#causes.set(cause, known);
  }

  /** @param together what is said of several: the first of them, and "A, B and 12 more" */
  *tell<R>(alone: (item: T) => R, together: (item: T, subjects: string) => R): Generator<R> {
    for (const { first, count } of this.#causes.values()) {
      const [a, b] = first;
      if (a && count > toldAlone) yield together(a, `${a.subject}, ${b?.subject} and ${count - 2} more`);
      else yield* first.map(alone);
    }
  }
}
