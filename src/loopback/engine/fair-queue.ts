/**
 * A queue that takes so many and is handed out in turns, one of each owner: nobody's crowd keeps others waiting or out. When it is
 * full, who has most in it loses what came last.
 */
export class FairQueue<T> {
  readonly #most: number;
  /** whose turn it is comes first */
  readonly #waiting = new Map<string, T[]>();
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  push(owner: string, item: T): void {
    const theirs = this.#waiting.get(owner);
    if (theirs) theirs.push(item);
    else this.#waiting.set(owner, [item]);
    if (++this.#length > this.#most) this.#drop();
  }

  /** The next one; undefined when nothing waits. */
  shift(): T | undefined {
    for (const [owner, items] of this.#waiting) {
      const item = items.shift();
      this.#length--;
      this.#waiting.delete(owner);
      if (items.length > 0) this.#waiting.set(owner, items);
      return item;
    }
    return undefined;
  }

  #drop(): void {
    const most = Math.max(...[...this.#waiting.values()].map(({ length }) => length));
    for (const [owner, items] of this.#waiting) {
      if (items.length < most) continue;
      items.pop();
      this.#length--;
      if (items.length === 0) this.#waiting.delete(owner);
      return;
    }
  }
}
