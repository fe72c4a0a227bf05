import { Several } from "../../several.js";

/**
 * Which Applications a change of an object may concern. An entry is an object's key (`keyOf()`), "uid UID", since objects name their
 * owners by uid, or what else leads from one to the other.
 */
export class Interest {
  readonly #byEntry = new Several();
  readonly #byApplication = new Map<string, readonly string[]>();

  /** From now on these entries, and no others, concern the Application. */
  set(application: string, entries: Iterable<string>): void {
    const wanted = [...new Set(entries)];
    this.drop(application);
    this.#byApplication.set(application, wanted);
    for (const entry of wanted) this.#byEntry.add(entry, application);
  }

  drop(application: string): void {
    for (const entry of this.#byApplication.get(application) ?? []) this.#byEntry.delete(entry, application);
    this.#byApplication.delete(application);
  }

  /** Whether an entry concerns any. */
  has(entry: string): boolean {
    return this.#byEntry.has(entry);
  }

  concerned(entries: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const entry of entries) for (const application of this.#byEntry.of(entry)) found.add(application);
    return found;
  }
}
