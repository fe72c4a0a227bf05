/**
 * Which Applications a change of an object may concern. An entry is an object's key (`keyOf()`), or "uid UID", since objects
 * name their owners by uid.
 */
export class Interest {
  /** a set where it is more than one Application: one for each entry would take more memory than all else here */
  readonly #byEntry = new Map<string, string | Set<string>>();
  readonly #byApplication = new Map<string, readonly string[]>();

  /** From now on these entries, and no others, concern the Application. */
  set(application: string, entries: Iterable<string>): void {
    const wanted = [...new Set(entries)];
    this.drop(application);
    this.#byApplication.set(application, wanted);
    for (const entry of wanted) {
      const known = this.#byEntry.get(entry);
      if (known === undefined) this.#byEntry.set(entry, application);
      else if (typeof known === "string") this.#byEntry.set(entry, new Set([known, application]));
      else known.add(application);
    }
  }

  drop(application: string): void {
    for (const entry of this.#byApplication.get(application) ?? []) {
      const known = this.#byEntry.get(entry);
      if (known === undefined) continue;
      if (typeof known === "string") this.#byEntry.delete(entry);
      else if (known.delete(application) && known.size === 0) this.#byEntry.delete(entry);
    }
    this.#byApplication.delete(application);
  }

  concerned(entries: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const entry of entries) {
      const known = this.#byEntry.get(entry) ?? [];
      for (const application of typeof known === "string" ? [known] : known) found.add(application);
    }
    return found;
  }
}
