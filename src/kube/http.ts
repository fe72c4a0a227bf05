import { setMaxListeners } from "node:events";
import type { OutgoingHttpHeaders, RequestOptions } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { urlToHttpOptions } from "node:url";
import { type Answer, readAnswer } from "./answer.js";
import { type ExchangeLimits, exchange, type RawAnswer } from "./exchange.js";
import { DeadlineError, RequestFailure, StatusError } from "./failure.js";
import { longestWaitMs, mayTryAgain, waitMs } from "./retry.js";
import type { Transport } from "./transport.js";

export interface ApiRequest {
  method: "GET" | "PATCH" | "POST" | "PUT" | "DELETE";
  /** below the server's address, each part already encoded: "/apis/apps/v1/namespaces/a/deployments" */
  path: string;
  /** what is undefined is left out */
  query?: Record<string, string | undefined>;
  accept?: string;
  contentType?: string;
  /** becomes JSON */
  body?: unknown;
  /** instead of the client's own */
  maxTries?: number;
}

export interface ClientOptions {
  /**
   * Ends whatever is on its way. A reason named TimeoutError (as of `AbortSignal.timeout()`) is the deadline of the
   * command and becomes a DeadlineError; any other reason (Ctrl-C) is thrown as it is.
   */
  signal: AbortSignal;
  /** for one try: connecting and the whole answer; 30 s when not given, 0 for no limit (as kubectl's --request-timeout) */
  requestTimeoutMs?: number | undefined;
  /** `--verbose`: one line a try, without headers and secrets: "GET /api/v1/pods?limit=500 200 in 12ms" */
  trace?: ((line: string) => void) | undefined;
  /** 5 when not given */
  maxTries?: number;
  /** before the second try, doubled with each one; 300 ms when not given */
  firstWaitMs?: number;
  /** what is made of an answer, where that is not its JSON; what it throws is a failure of the try */
  read?(raw: RawAnswer): Promise<Answer>;
}

export interface JsonClient {
  /**
   * The answer to one request, tried several times where that does no harm, and once more after a 401 with new credentials.
   *
   * @param signal instead of the client's own, for a request that can become unwanted
   * @throws a RequestFailure of `failure.ts`, Node's own error, what `transport.headers()` throws, or the signal's reason
   */
  send(request: ApiRequest, signal?: AbortSignal): Promise<Answer>;
  /**
   * What `open` makes of one request whose answer stays open (a watch): tried once, and once more after a 401 with new
   * credentials. It gets a connection of its own, beside those that {@link send} shares.
   *
   * @param open gets the request in Node's form; its limits are for the beginning of the answer
   * @throws what {@link send} throws
   */
  open<T>(request: ApiRequest, open: Open<T>, signal?: AbortSignal): Promise<T>;
}

export type Open<T> = (options: RequestOptions, limits: ExchangeLimits) => Promise<T>;

/** JSON requests over one transport. Node's own client instead of fetch: that costs more than the rest of a command. */
export function jsonClient(transport: Transport, options: ClientOptions): JsonClient {
  const { maxTries = 5, firstWaitMs = 300, requestTimeoutMs: timeoutMs = 30_000, trace = () => {} } = options;
  const { read = readAnswer } = options;
  const server = urlToHttpOptions(transport.server) as RequestOptions;
  const basePath = transport.server.pathname.replace(/\/+$/, "");
  const encodings = transport.disableCompression ? "identity" : "gzip";
  let renewals = 0;
  // any number of requests wait on it at once; beyond ten Node would warn of a leak on stderr
  setMaxListeners(0, options.signal);

  async function sendOnce(request: ApiRequest, signal: AbortSignal): Promise<Answer> {
    const headers = await headersOf(request, signal);
    headers["Accept-Encoding"] = encodings;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    if (body !== undefined) {
      headers["Content-Type"] = request.contentType ?? "application/json";
      headers["Content-Length"] = Buffer.byteLength(body);
    }
    const options = { ...addressOf(request), headers, agent: transport.agent };
    return read(await exchange(options, body, { timeoutMs, signal }));
  }

  async function openOnce<T>(request: ApiRequest, open: Open<T>, signal: AbortSignal): Promise<T> {
    const headers = await headersOf(request, signal);
    return open({ ...addressOf(request), headers, agent: transport.streamAgent }, { timeoutMs, signal });
  }

  function addressOf(request: ApiRequest): RequestOptions {
    return { ...server, method: request.method, path: basePath + pathAndQuery(request) };
  }

  async function headersOf({ accept }: ApiRequest, signal: AbortSignal): Promise<OutgoingHttpHeaders> {
    signal.throwIfAborted();
    return {
      "User-Agent": "flamingo",
      Accept: accept ?? "application/json",
      ...(await untilAborted(transport.headers(), signal)),
    };
  }

  /** @param endOf the result in a word */
  async function traced<T>(
    request: ApiRequest,
    work: () => Promise<T>,
    endOf: (result: T) => string,
  ): Promise<T> {
    const start = performance.now();
    const line = (end: string) =>
      trace(
        `${request.method} ${pathAndQuery(request)} ${end} in ${Math.round(performance.now() - start)}ms`,
      );
    try {
      const result = await work();
      line(endOf(result));
      return result;
    } catch (error) {
      line(shortNameOf(error));
      throw error;
    }
  }

  /** Drops the credentials once, even when several requests get their 401 together. */
  function renewSince(renewalsBefore: number): boolean {
    if (renewals > renewalsBefore) return true;
    if (!transport.renew()) return false;
    renewals++;
    return true;
  }

  async function retried<T>(request: ApiRequest, signal: AbortSignal, tryOnce: () => Promise<T>): Promise<T> {
    let mayRenew = true;
    let lastFailure: unknown;
    for (let tries = 1; ; tries++) {
      const renewalsBefore = renewals;
      try {
        return await tryOnce();
      } catch (error) {
        if (signal.aborted) throw reasonOf(signal, lastFailure);
        if (mayRenew && isUnauthorized(error) && renewSince(renewalsBefore)) {
          mayRenew = false;
          tries--;
          continue;
        }
        if (error instanceof RequestFailure) error.tries = tries;
        lastFailure = error;
      }
      if (tries >= (request.maxTries ?? maxTries) || !mayTryAgain(request, lastFailure)) throw lastFailure;
      const pause = waitMs(
        { tries, failure: lastFailure },
        { firstWaitMs, now: Date.now(), random: Math.random() },
      );
      if (pause > longestWaitMs) throw lastFailure;
      await sleep(pause, undefined, { signal }).catch(() => {
        throw reasonOf(signal, lastFailure);
      });
    }
  }

  return {
    send: (request, signal = options.signal) =>
      retried(request, signal, () =>
        traced(
          request,
          () => sendOnce(request, signal),
          ({ status }) => String(status),
        ),
      ),
    open: (request, open, signal = options.signal) =>
      retried({ ...request, maxTries: 1 }, signal, () =>
        traced(
          request,
          () => openOnce(request, open, signal),
          () => "opened",
        ),
      ),
  };
}

function pathAndQuery({ path, query = {} }: ApiRequest): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as [string, string]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** An exec plugin that asks for a password must not keep a command beyond its deadline. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function reasonOf(signal: AbortSignal, lastFailure: unknown): unknown {
  const reason: unknown = signal.reason;
  const isDeadline = reason instanceof Error && reason.name === "TimeoutError";
  return isDeadline ? new DeadlineError(lastFailure, reason) : reason;
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof StatusError && error.status === 401;
}

function shortNameOf(error: unknown): string {
  if (error instanceof StatusError) return String(error.status);
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  // of the DOMException that a signal gives as its reason, the code is a number that says nothing
  return typeof code === "string" ? code : error.name;
}
