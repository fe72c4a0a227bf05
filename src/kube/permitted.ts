import { isForbidden } from "./failure.js";

export interface Permitted<T> {
  /** undefined, too, when the right to read it is missing */
  found: T | undefined;
  /** why it could not be read, as the end of a sentence: "cannot list Nodes: nodes is forbidden: …" */
  unknown: string[];
}

/** A missing right (403) is an answer; every other failure is thrown. */
export async function permitted<T>(reading: Promise<T>): Promise<Permitted<T>> {
  try {
    return { found: await reading, unknown: [] };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { found: undefined, unknown: [error.clause] };
  }
}
