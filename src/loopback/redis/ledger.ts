/** What redis has of an Application, as far as we know. */
interface Entry {
  /** of its content; undefined: something else than what is wanted, perhaps nothing */
  readonly hash: string | undefined;
  /** pieces of its tree, at most */
  readonly shards: number;
  readonly isUnderWay: boolean;
}

/** What redis was given of each Application: hashes, not the contents. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  has(instance: string, hash: string): boolean {
    return this.#entries.get(instance)?.hash === hash;
  }

  /** Whether something is there that nobody has looked at: that of an earlier flamingo, say. */
  isUnknown(instance: string): boolean {
    const entry = this.#entries.get(instance);
    return entry !== undefined && entry.hash === undefined && !entry.isUnderWay;
  }

  /** Into how many pieces its tree may be cut in redis. */
  shardsOf(instance: string): number {
    return this.#entries.get(instance)?.shards ?? 1;
  }

  /** Something is there, whatever it is. */
  found(instance: string, shards: number): void {
    this.#entries.set(instance, { hash: undefined, shards, isUnderWay: false });
  }

  /** It is being written: until that is done, anything may be there. To be called when it is. */
  begin(instance: string, { hash, shards }: { hash: string; shards: number }): () => void {
    const most = Math.max(shards, this.shardsOf(instance));
    const underWay = { hash: undefined, shards: most, isUnderWay: true };
    this.#entries.set(instance, underWay);
    return () => {
      // not when it was written again, forgotten or removed meanwhile
      if (this.#entries.get(instance) === underWay)
        this.#entries.set(instance, { hash, shards, isUnderWay: false });
    };
  }

  remove(instance: string): void {
    this.#entries.delete(instance);
  }

  /** All that redis should have at this time. */
  written(): Written[] {
    return this.all().filter(({ entry }) => entry.hash !== undefined);
  }

  all(): Written[] {
    return [...this.#entries].map(([instance, entry]) => ({ instance, shards: entry.shards, entry }));
  }

  /**
   * Redis has them no more.
   *
   * @returns those that somebody relies on to be there; not those that were written anew since they were told
   */
  forget(these: readonly Written[]): string[] {
    return these.flatMap(({ instance, shards, entry }) => {
      if (this.#entries.get(instance) !== entry) return [];
      this.found(instance, shards);
      return entry.hash !== undefined || entry.isUnderWay ? [instance] : [];
    });
  }
}

export interface Written {
  instance: string;
  shards: number;
  entry: Entry;
}
