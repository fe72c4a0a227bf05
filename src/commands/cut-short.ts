import { endOfWork } from "../abort.js";
import type { Deps } from "./deps.js";

/** What to type after work that was stopped before it was done. */
export const goOn = "Run the same command again to go on";

/**
 * Says how far work came that was stopped, and answers what ends it.
 *
 * @param told "3 of 7 objects"
 */
export function cutShort(
  error: unknown,
  told: string,
  { say, signal }: Pick<Deps, "say" | "signal">,
): unknown {
  if (signal.aborted) say.warning(`Stopped after ${told}`, goOn);
  return endOfWork(signal, error);
}
