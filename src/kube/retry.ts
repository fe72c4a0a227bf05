import { DroppedConnectionError, StatusError } from "./failure.js";

/** Longer than this nobody is kept waiting: the answer is passed on instead. */
export const longestWaitMs = 120_000;

/**
 * Whether the same request may be sent again after `failure`. Asking again must not do harm (reads, server-side apply),
 * and must have a chance: the API server was busy or restarting, or the connection was cut. An address where nobody
 * listens, an unknown host or a bad certificate will be the same in a second; a request that timed out has cost enough.
 */
export function mayTryAgain(request: { method: string; contentType?: string }, failure: unknown): boolean {
  const isRead = request.method === "GET";
  if (!isRead && request.contentType !== "application/apply-patch+yaml") return false;
  if (failure instanceof DroppedConnectionError) return true;
  if (!(failure instanceof StatusError)) return false;
  switch (failure.status) {
    case 429:
    case 502:
    case 503:
    case 504:
      return true;
    case 500:
      // of an apply it is mostly an admission webhook that failed, and will again
      return isRead || failure.retryAfter !== undefined;
    default:
      return false;
  }
}

/**
 * How long to wait before the next try: `firstWaitMs` doubled with each try, spread by a quarter to both sides so that many
 * clients do not return together; never less than the server asked for.
 *
 * @param longestMs doubling ends here
 * @param random from 0 to 1
 */
export function waitMs(
  after: { tries: number; failure: unknown },
  {
    firstWaitMs,
    longestMs = Number.POSITIVE_INFINITY,
    now,
    random,
  }: { firstWaitMs: number; longestMs?: number; now: number; random: number },
): number {
  const growing = Math.min(longestMs, firstWaitMs * 2 ** (after.tries - 1)) * (0.75 + random / 2);
  const asked = after.failure instanceof StatusError ? retryAfterMs(after.failure.retryAfter, now) : 0;
  return Math.round(Math.max(growing, asked));
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds, or an HTTP date. 0 for none, or one that cannot be read. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
