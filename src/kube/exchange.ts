import {
  type ClientRequest,
  type IncomingMessage,
  request as overHttp,
  type RequestOptions,
} from "node:http";
import { request as overHttps } from "node:https";
import { DroppedConnectionError, RequestTimeoutError } from "./failure.js";

/** One answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  bytes: Buffer;
}

export interface ExchangeLimits {
  /** for connecting and the whole answer together; 0 means no limit */
  timeoutMs: number;
  /** stops at once, whatever the server does */
  signal: AbortSignal;
}

/**
 * Sends one request and collects the whole answer. Nothing is retried or understood here.
 *
 * @throws RequestTimeoutError, DroppedConnectionError, the signal's reason, or Node's own error (refused, certificate)
 */
export function exchange(
  options: RequestOptions,
  body: string | undefined,
  limits: ExchangeLimits,
): Promise<RawAnswer> {
  return within(limits, options, body, answerOf);
}

/** Sends one request, and gives it up when the time is over before `take` has what it wants of the answer. */
export function within<T>(
  { timeoutMs, signal }: ExchangeLimits,
  options: RequestOptions,
  body: string | undefined,
  take: (request: ClientRequest) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = (options.protocol === "http:" ? overHttp : overHttps)(options);
    const giveUp = (error: unknown) => {
      settle();
      reject(error);
      request.destroy();
    };
    const onAbort = () => giveUp(signal.reason);
    const onTimeout = () => giveUp(new RequestTimeoutError(timeoutMs));
    const timer = timeoutMs > 0 ? setTimeout(onTimeout, timeoutMs) : undefined;
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    take(request).then((answer) => {
      settle();
      resolve(answer);
    }, giveUp);
    request.end(body);
  });
}

function answerOf(request: ClientRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let midAnswer = false;
    // of a reset in the middle of an answer Node tells both, the request first
    request.on("error", (error) => reject(namedDrop(error, midAnswer)));
    request.on("response", (response) => {
      midAnswer = true;
      wholeOf(response).then(resolve, reject);
    });
  });
}

/** @throws DroppedConnectionError when it breaks off */
export function wholeOf(response: IncomingMessage): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", (error) => reject(new DroppedConnectionError(true, error)));
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: joined(chunks) }),
    );
  });
}

/** What Node calls a connection that was closed, by our name; other errors as they are. */
export function namedDrop(error: NodeJS.ErrnoException, midAnswer: boolean): Error {
  const isDrop = error.code === "ECONNRESET" || error.code === "EPIPE" || error.code === "ECONNABORTED";
  return isDrop ? new DroppedConnectionError(midAnswer, error) : error;
}

function joined(chunks: Buffer[]): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
