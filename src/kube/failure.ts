import { UserError } from "../errors.js";

/** What one request can end with instead of its answer. `explain()` makes sentences of these. */

/** The API server's own words for a "no": `kind: Status` of `meta/v1`, the fields we read. */
export interface Status {
  message?: string;
  reason?: string;
  metadata?: { continue?: string };
  details?: { name?: string; group?: string; kind?: string; causes?: StatusCause[] };
}

/** One reason of several, such as one field that another manager owns. */
export interface StatusCause {
  reason?: string;
  message?: string;
  /** ".spec.path" in a conflict, "spec.interval" in an invalid object */
  field?: string;
}

/** Base of the failures that are ours to name; Node's own errors (ECONNREFUSED, certificates) are thrown as they come. */
export class RequestFailure extends Error {
  /** how often it was asked before we gave up */
  tries = 1;
}

/** An answer outside 200–299. */
export class StatusError extends RequestFailure {
  readonly status: number;
  /** what the API server says of it; empty when something else answered */
  readonly body: Status;
  /** the header as it came: seconds or an HTTP date */
  readonly retryAfter: string | undefined;
  /** set when a web page came instead: its title, or "" */
  readonly page: string | undefined;

  constructor(status: number, body: Status, more: { retryAfter?: string | undefined; page?: string } = {}) {
    super(body.message ?? `HTTP ${status}`);
    this.name = "StatusError";
    this.status = status;
    this.body = body;
    this.retryAfter = more.retryAfter;
    this.page = more.page;
  }
}

/** An answer that no API server gives: something else listens at this address. */
export class ForeignAnswerError extends RequestFailure {
  readonly kind: "web page" | "redirect" | "not JSON" | "no WebSocket";
  /** the page's title, the address redirected to, how the text begins, or what is wrong with it */
  readonly excerpt: string;

  constructor(kind: ForeignAnswerError["kind"], excerpt: string) {
    super(`${kind}: ${excerpt}`);
    this.name = "ForeignAnswerError";
    this.kind = kind;
    this.excerpt = excerpt;
  }
}

/** The connection was closed or reset before the whole answer was there. */
export class DroppedConnectionError extends RequestFailure {
  /** true when a part of the answer had come */
  readonly midAnswer: boolean;

  constructor(midAnswer: boolean, cause?: unknown) {
    super(midAnswer ? "connection closed in the middle of an answer" : "connection closed", { cause });
    this.name = "DroppedConnectionError";
    this.midAnswer = midAnswer;
  }
}

/** One request got no whole answer in its time. */
export class RequestTimeoutError extends RequestFailure {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = "RequestTimeoutError";
    this.timeoutMs = timeoutMs;
  }
}

/** The time of the whole command is over. */
export class DeadlineError extends RequestFailure {
  /** why the last try before it was not the last one */
  readonly lastFailure: unknown;

  constructor(lastFailure: unknown, cause: unknown) {
    super("the deadline was reached", { cause });
    this.name = "DeadlineError";
    this.lastFailure = lastFailure;
  }
}

/** Whether a sentence was made of "you have no right to" (403). */
export function isForbidden(error: unknown): error is UserError {
  return statusBehind(error)?.status === 403;
}

/**
 * Whether a sentence was made of "somebody else was faster" (409): the object was changed meanwhile, exists already, or
 * has fields that belong to another manager.
 */
export function isConflict(error: unknown): error is UserError {
  return statusBehind(error)?.status === 409;
}

/** Whether a sentence was made of "there is no such object" (404); not of an API that is not served. */
export function isMissing(error: unknown): error is UserError {
  const failure = statusBehind(error);
  return failure?.status === 404 && failure.body.details?.name !== undefined;
}

/** Whether a sentence was made of "there is no such API" (404): the kind is not served, not yet or not any more. */
export function isNotServed(error: unknown): error is UserError {
  const failure = statusBehind(error);
  return failure?.status === 404 && failure.body.details?.name === undefined;
}

/** Whether a sentence was made of an answer of the API server that is none: it is there, and has something against it. */
export function isRefusal(error: unknown): error is UserError {
  return statusBehind(error) !== undefined;
}

function statusBehind(error: unknown): StatusError | undefined {
  return error instanceof UserError && error.cause instanceof StatusError ? error.cause : undefined;
}
