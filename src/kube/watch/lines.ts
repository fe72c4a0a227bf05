import { ForeignAnswerError } from "../failure.js";

/** What no object reaches: etcd takes 1.5 MB, some clusters allow a few times that. */
const longestLine = 64 * 1024 * 1024;

/**
 * The lines of a text that comes in chunks, which may begin and end anywhere, within a letter too. Only the line that is
 * not complete yet stays in memory.
 *
 * @throws ForeignAnswerError for a line that does not end
 */
export class LineReader {
  #begun: Buffer[] = [];
  #length = 0;

  /** Lines that are complete with this chunk, without their line break; empty ones are left out. */
  *read(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
      const line = this.#complete(chunk.subarray(start, end));
      start = end + 1;
      if (line !== "") yield line;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Whether the text ended within a line. */
  get isCutOff(): boolean {
    return this.#length > 0;
  }

  #complete(end: Buffer): string {
    if (this.#length === 0) return end.toString("utf8");
    const line = Buffer.concat([...this.#begun, end]).toString("utf8");
    this.#begun = [];
    this.#length = 0;
    return line;
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#begun.push(rest);
    this.#length += rest.length;
    if (this.#length > longestLine) {
      throw new ForeignAnswerError("not JSON", `a line of more than ${longestLine} bytes`);
    }
  }
}
