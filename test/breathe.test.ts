import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { breathe } from "../src/breathe.js";

/** As long as it is asked to, in pieces of a millisecond. */
async function work(pieces: number): Promise<void> {
  for (let piece = 0; piece < pieces; piece++) {
    await breathe();
    const began = performance.now();
    while (performance.now() - began < 1);
  }
}

test.each([1, 5])("others have their turn again and again while %d work and breathe()", async (workers) => {
  let turns = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; turns++) await nextTurn();
  })();
  await Promise.all(Array.from({ length: workers }, () => work(300 / workers)));
  isOver = true;
  await counting;
  // every 20 of the 300 ms
  expect(turns).toBeGreaterThan(10);
});
