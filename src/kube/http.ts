import { setMaxListeners } from "node:events";
import type { OutgoingHttpHeaders, RequestOptions } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { urlToHttpOptions } from "node:url";
import { type Answer, readAnswer } from "./answer.js";
import { exchange } from "./exchange.js";
import { DeadlineError, RequestFailure, StatusError } from "./failure.js";
import { longestWaitMs, mayTryAgain, waitMs } from "./retry.js";
import type { Transport } from "./transport.js";

export interface ApiRequest {
  method: "GET" | "PATCH" | "POST";
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
}

export interface JsonClient {
  /**
   * The answer to one request, tried several times where that does no harm, and once more after a 401 with new credentials.
   *
   * @param signal instead of the client's own, for a request that can become unwanted
   * @throws a RequestFailure of `failure.ts`, Node's own error, what `transport.headers()` throws, or the signal's reason
   */
  send(request: ApiRequest, signal?: AbortSignal): Promise<Answer>;
}

/** JSON requests over one transport. Node's own client instead of fetch: that costs more than the rest of a command. */
export function jsonClient(transport: Transport, options: ClientOptions): JsonClient {
  const { maxTries = 5, firstWaitMs = 300, requestTimeoutMs: timeoutMs = 30_000, trace = () => {} } = options;
  const server = urlToHttpOptions(transport.server) as RequestOptions;
  const basePath = transport.server.pathname.replace(/\/+$/, "");
  const encodings = transport.disableCompression ? "identity" : "gzip";
  let renewals = 0;
  // any number of requests wait on it at once; beyond ten Node would warn of a leak on stderr
  setMaxListeners(0, options.signal);

  async function tryOnce(request: ApiRequest, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const headers: OutgoingHttpHeaders = {
      "User-Agent": "flamingo",
      Accept: request.accept ?? "application/json",
      "Accept-Encoding": encodings,
      ...(await untilAborted(transport.headers(), signal)),
    };
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    if (body !== undefined) {
      headers["Content-Type"] = request.contentType ?? "application/json";
      headers["Content-Length"] = Buffer.byteLength(body);
    }
    const path = basePath + pathAndQuery(request);
    const { agent } = transport;
    const raw = await exchange({ ...server, method: request.method, path, headers, agent }, body, {
      timeoutMs,
      signal,
    });
    return readAnswer(raw);
  }

  async function traced(request: ApiRequest, signal: AbortSignal): Promise<Answer> {
    const start = performance.now();
    const line = (end: string) =>
      trace(
        `${request.method} ${pathAndQuery(request)} ${end} in ${Math.round(performance.now() - start)}ms`,
      );
    try {
      const answer = await tryOnce(request, signal);
      line(String(answer.status));
      return answer;
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

  async function send(request: ApiRequest, signal: AbortSignal): Promise<Answer> {
    let mayRenew = true;
    let lastFailure: unknown;
    for (let tries = 1; ; tries++) {
      const renewalsBefore = renewals;
      try {
        return await traced(request, signal);
      } catch (error) {
        if (signal.aborted) throw endOf(signal, lastFailure);
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
        throw endOf(signal, lastFailure);
      });
    }
  }

  return { send: (request, signal = options.signal) => send(request, signal) };
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

function endOf(signal: AbortSignal, lastFailure: unknown): unknown {
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
