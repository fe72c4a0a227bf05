/**
 * Which Applications a change of an object may concern. An entry is an object's key (`keyOf()`), or "uid UID", since objects
 * name their owners by uid.
 */
export class Interest {
  readonly #byEntry = new Map<string, Set<string>>();
  readonly #byApplication = new Map<string, readonly string[]>();

  /** From now on these entries, and no others, concern the Application. */
  set(application: string, entries: Iterable<string>): void {
    const wanted = [...new Set(entries)];
    this.drop(application);
    this.#byApplication.set(application, wanted);
    for (const entry of wanted) {
      const known = this.#byEntry.get(entry);
      if (known) known.add(application);
      else this.#byEntry.set(entry, new Set([application]));
    }
  }

  drop(application: string): void {
    for (const entry of this.#byApplication.get(application) ?? []) {
      const known = this.#byEntry.get(entry);
      known?.delete(application);
      if (known?.size === 0) this.#byEntry.delete(entry);
    }
    this.#byApplication.delete(application);
  }

  concerned(entries: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const entry of entries) {
      for (const application of this.#byEntry.get(entry) ?? []) found.add(application);
    }
    return found;
  }
}
