import { setImmediate } from "node:timers/promises";

/** For how long work that can pause keeps everything else waiting. */
const longestMs = 20;

let turnBegan = performance.now();
let nextTurn: Promise<void> | undefined;

/**
 * A place where long work can pause. When this turn of the event loop has lasted for a while, timers, requests and signals have
 * theirs first; all that pauses meanwhile shares the next one.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - turnBegan < longestMs) return;
  nextTurn ??= setImmediate().then(() => {
    turnBegan = performance.now();
    nextTurn = undefined;
  });
  await nextTurn;
}
