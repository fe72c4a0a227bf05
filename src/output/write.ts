import { once } from "node:events";
import type { Screen } from "../deps.js";

const chunkSize = 64 * 1024;

/** Writes texts as they come, a chunk at a time and no faster than they are taken, so that memory stays flat. */
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
    chunk = "";
  }
  await write(screen, chunk, signal);
}

async function write({ stream }: Screen, text: string, signal: AbortSignal): Promise<void> {
  if (text === "" || stream.write(text)) return;
  await once(stream, "drain", { signal });
}

/** `{"items": […]}`, an item at a time. */
export async function* jsonItems(items: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '{\n  "items": [\n    ';
  let some = false;
  for await (const item of items) {
    yield before + JSON.stringify(item, null, 2).replaceAll("\n", "\n    ");
    before = ",\n    ";
    some = true;
  }
  yield some ? "\n  ]\n}\n" : '{\n  "items": []\n}\n';
}
