import type { IncomingHttpHeaders } from "node:http";
import type { RawAnswer } from "./exchange.js";
import { DroppedConnectionError, ForeignAnswerError, type Status, StatusError } from "./failure.js";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** the parsed JSON */
  body: unknown;
}

/**
 * The JSON of an answer of the API server.
 *
 * @throws StatusError outside 200–299, ForeignAnswerError for what no API server says, DroppedConnectionError when cut off
 */
export async function readAnswer(raw: RawAnswer): Promise<Answer> {
  if (raw.status >= 300 && raw.status < 400) {
    throw new ForeignAnswerError("redirect", withoutQuery(raw.headers.location ?? "nowhere"));
  }
  const text = (await readContent(raw)).toString("utf8");
  return { status: raw.status, headers: raw.headers, body: parseJson(text, raw.headers) };
}

/**
 * What an answer brings, unpacked.
 *
 * @throws StatusError outside 200–299, DroppedConnectionError when cut off
 */
export async function readContent(raw: RawAnswer): Promise<Buffer> {
  const content = await unpacked(raw);
  if (raw.status < 200 || raw.status > 299) throw statusError(raw, content.toString("utf8"));
  return content;
}

async function unpacked({ headers, bytes }: RawAnswer): Promise<Buffer> {
  if (headers["content-encoding"] !== "gzip") return bytes;
  // loaded only here: API servers send small answers as they are
  const { gunzip } = await import("node:zlib");
  return new Promise((resolve, reject) => {
    gunzip(bytes, (error, plain) =>
      error ? reject(new DroppedConnectionError(true, error)) : resolve(plain),
    );
  });
}

/** @throws ForeignAnswerError for what is no JSON, DroppedConnectionError for half of one */
export function parseJson(text: string, headers: IncomingHttpHeaders): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (isPage(text, headers)) throw new ForeignAnswerError("web page", titleOf(text));
    // an answer whose length nobody stated ends wherever the connection was cut
    if (/^\s*[{[]/.test(text) && !/[}\]]\s*$/.test(text)) throw new DroppedConnectionError(true, error);
    throw new ForeignAnswerError("not JSON", excerptOf(text));
  }
}

function statusError({ status, headers }: RawAnswer, text: string): StatusError {
  const retryAfter = headers["retry-after"];
  if (isPage(text, headers)) return new StatusError(status, {}, { retryAfter, page: titleOf(text) });
  return new StatusError(status, statusIn(text), { retryAfter });
}

/** The Status object in `text`; of anything else the message, or the text itself when it is short. */
function statusIn(text: string): Status {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) {
      const message = "message" in body && typeof body.message === "string" ? body.message : undefined;
      if ("kind" in body && body.kind === "Status") return body as Status;
      return message === undefined ? {} : { message };
    }
  } catch {
    // plain text: "404 page not found", "Too many requests, please try again later."
  }
  const message = excerptOf(text);
  return message === "" ? {} : { message };
}

function isPage(text: string, headers: IncomingHttpHeaders): boolean {
  return headers["content-type"]?.includes("html") === true || /^\s*</.test(text);
}

function titleOf(page: string): string {
  return excerptOf(/<title[^>]*>([^<]*)/i.exec(page)?.[1] ?? "");
}

/** What one line of a message can hold. */
export function excerptOf(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** Addresses of login pages carry one-time values behind the question mark. */
function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/, "");
}
