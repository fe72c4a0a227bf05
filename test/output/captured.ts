import { Writable } from "node:stream";
import type { Screen } from "../../src/output/screen.js";

/** A stream that keeps what is written to it. */
class Captured extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A screen that nobody looks at. */
export function captured(): Screen & { stream: Captured } {
  return { stream: new Captured(), isTTY: false, columns: undefined };
}
