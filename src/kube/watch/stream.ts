import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { readAnswer } from "../answer.js";
import { type ExchangeLimits, namedDrop, wholeOf, within } from "../exchange.js";
import { DroppedConnectionError, ForeignAnswerError } from "../failure.js";

/** A connection on which nothing moves is asked by TCP after this time whether it is still there, then each second. */
const keepAliveMs = 30_000;

/**
 * Begins a GET whose answer comes bit by bit. `limits` are for the head of the answer.
 *
 * @throws as `exchange()` does; StatusError and others of `readAnswer()` when it is not answered with 200
 */
export function openStream(options: RequestOptions, limits: ExchangeLimits): Promise<IncomingMessage> {
  return within(limits, options, undefined, headOf);
}

function headOf(request: ClientRequest): Promise<IncomingMessage> {
  request.on("socket", (socket) => socket.setKeepAlive(true, keepAliveMs));
  return new Promise((resolve, reject) => {
    request.on("error", (error) => reject(namedDrop(error, false)));
    request.on("response", (response) => {
      if (response.statusCode !== 200) {
        const other = new ForeignAnswerError("not JSON", `HTTP ${response.statusCode}`);
        wholeOf(response)
          .then(readAnswer)
          .then(() => reject(other), reject);
        return;
      }
      // of whoever reads; until somebody does it must not end the process
      response.on("error", () => {});
      resolve(response);
    });
  });
}

/**
 * The bytes of an answer as they come. What comes is only taken when it is asked for, so a slow reader slows the sender.
 *
 * @param silenceMs a connection on which nothing came for so long counts as dead
 * @throws DroppedConnectionError when it breaks off, or the signal's reason
 */
export async function* chunksOf(
  response: IncomingMessage,
  { silenceMs, signal }: { silenceMs: number; signal: AbortSignal },
): AsyncGenerator<Buffer> {
  const onAbort = () => response.destroy(new Error("aborted"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const chunks: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
    for (;;) {
      const onSilence = () => response.destroy(new Error(`nothing came for ${silenceMs} ms`));
      const timer = setTimeout(onSilence, silenceMs);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new DroppedConnectionError(true, error);
  } finally {
    signal.removeEventListener("abort", onAbort);
    response.destroy();
  }
}
