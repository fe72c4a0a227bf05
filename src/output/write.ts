import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Screen } from "./screen.js";

const chunkSize = 64 * 1024;

/** Writes many texts, a chunk at a time and no faster than they are taken, so that memory stays flat. */
export async function writeAll(
  screen: Screen,
  texts: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  let chunk = "";
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < chunkSize) continue;
    await write(screen, chunk, signal);
    // a file takes everything at once: without a pause nobody would hear of Ctrl-C
    await setImmediate();
    chunk = "";
  }
  await write(screen, chunk, signal);
}

/**
 * Writes each text at once: those that take their time, and that somebody waits for. When the signal is aborted, the
 * texts that still come are written, too, but no slow reader is waited for.
 */
export async function writeEach(
  screen: Screen,
  texts: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  for await (const text of texts) {
    if (signal.aborted) screen.stream.write(text);
    else {
      await write(screen, text, signal).catch((error) => {
        if (!signal.aborted) throw error;
      });
    }
  }
}

async function write({ stream }: Screen, text: string, signal: AbortSignal): Promise<void> {
  if (text === "") return;
  if (!stream.write(text)) await once(stream, "drain", { signal });
  signal.throwIfAborted();
}

const head = '{\n  "items": [\n    ';
const tail = "\n  ]\n}";

/** `{"items": […]}`, an item at a time. */
export async function* jsonItems(items: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = head;
  for await (const item of items) {
    // a list of one is indented as the whole list is
    yield before + JSON.stringify({ items: [item] }, null, 2).slice(head.length, -tail.length);
    before = ",\n    ";
  }
  yield before === head ? '{\n  "items": []\n}\n' : `${tail}\n`;
}
