/** What a stopped command gets to say what it had done. */
const lastWordsMs = 250;

/** What one gets that leaves something in a cluster which it has to put in order; Kubernetes kills after 30 s. */
export const tidyingMs = 15_000;

/**
 * Runs `work` until it is done, `outer` is aborted, or the time is over; then its signal is aborted (with a TimeoutError
 * for the time), and work that does not end by itself is left behind: then its second signal is aborted, too.
 *
 * @param timeoutMs 0 for no limit
 * @param graceMs what work gets after it was stopped
 */
export async function withinTime<T>(
  outer: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal, last: AbortSignal) => Promise<T>,
  graceMs: number = lastWordsMs,
): Promise<T> {
  // AbortSignal.any() and AbortSignal.timeout() together are collected too early by some versions of Node 20
  const stop = new AbortController();
  const end = new AbortController();
  const onAbort = () => stop.abort(outer.reason);
  if (outer.aborted) onAbort();
  outer.addEventListener("abort", onAbort, { once: true });
  const timer =
    timeoutMs > 0
      ? setTimeout(() => stop.abort(new DOMException("the time is over", "TimeoutError")), timeoutMs)
      : undefined;
  let over = false;
  let lastWords: NodeJS.Timeout | undefined;
  const leftBehind = new Promise<never>((_, reject) => {
    const wait = () => {
      if (!over) lastWords = setTimeout(() => reject(stop.signal.reason), graceMs);
    };
    stop.signal.addEventListener("abort", wait, { once: true });
  });
  try {
    return await Promise.race([work(stop.signal, end.signal), leftBehind]);
  } catch (error) {
    // what was running beside it
    stop.abort();
    end.abort(stop.signal.reason);
    throw error;
  } finally {
    over = true;
    clearTimeout(timer);
    clearTimeout(lastWords);
    outer.removeEventListener("abort", onAbort);
  }
}
