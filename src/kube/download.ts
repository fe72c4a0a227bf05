import { UserError } from "../errors.js";
import { redact, redactUrl } from "../redact.js";
import { transportFor } from "./access/open-transport.js";
import { type Answer, parseJson, readContent } from "./answer.js";
import type { RawAnswer } from "./exchange.js";
import { explainConnection } from "./explain-connection.js";
import { ForeignAnswerError, StatusError } from "./failure.js";
import { jsonClient } from "./http.js";

export interface DownloadDeps {
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  cwd: string;
  stdin: { isTTY?: boolean };
  now(): Date;
}

/** As many as browsers and curl follow at the least; a circle ends there, too. */
const maxRedirects = 10;

/** A manifest is 2 MB, which takes its time on a bad line. */
const requestTimeoutMs = 120_000;

/**
 * A file from the network: through HTTPS_PROXY, trusting what Node trusts (NODE_EXTRA_CA_CERTS, the system where Node can read
 * it), two minutes a try, again where the server is busy or the connection was cut, and wherever it is redirected to, but
 * never from https to http.
 *
 * @param doing for errors, after "Cannot": "read the support matrix"
 * @throws UserError when there is no answer or another one than 200; a 404 `isMissingFile()`
 */
export function download(url: URL, doing: string, deps: DownloadDeps): Promise<Buffer> {
  return fetched(url, doing, deps, ({ body }) => body as Buffer);
}

/** The same of JSON. @throws UserError for anything else, too */
export function downloadJson(url: URL, doing: string, deps: DownloadDeps): Promise<unknown> {
  return fetched(url, doing, deps, ({ body, headers }) =>
    parseJson((body as Buffer).toString("utf8"), headers),
  );
}

/** Whether a download failed because there is no such file at the address. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof UserError && error.cause instanceof StatusError && error.cause.status === 404;
}

async function fetched<T>(
  first: URL,
  doing: string,
  deps: DownloadDeps,
  take: (answer: Answer) => T,
): Promise<T> {
  let url = first;
  for (let hops = 0; ; hops++) {
    const address = addressOf(url);
    const transport = await transportTo(url, deps);
    try {
      const client = jsonClient(transport, {
        signal: deps.signal,
        requestTimeoutMs,
        read: contentOrRedirect,
      });
      const answer = await client.send({ method: "GET", path: url.pathname + url.search, accept: "*/*" });
      if (!isRedirect(answer)) return take(answer);
      url = redirected(url, answer.headers.location, hops);
    } catch (error) {
      const found = explanationOf(error, address);
      if (!found) throw error;
      const clean = (text: string) => redact(text, transport.secrets);
      throw new UserError(clean(`Cannot ${doing}: ${found.why}`), { hint: clean(found.hint), cause: error });
    } finally {
      transport.close();
    }
  }
}

async function transportTo(url: URL, deps: DownloadDeps) {
  const access = {
    cluster: { server: url.href },
    user: {},
    namespace: undefined,
    description: addressOf(url),
  };
  const transport = await transportFor(access, deps);
  return { ...transport, server: Object.assign(transport.server, { pathname: "/" }) };
}

function addressOf({ origin, pathname }: URL): string {
  return redactUrl(`${origin}${pathname}`);
}

async function contentOrRedirect(raw: RawAnswer): Promise<Answer> {
  return isRedirect(raw) ? { ...raw, body: undefined } : { ...raw, body: await readContent(raw) };
}

/** The redirects of a GET; 304 answers a question that is not asked here. */
function isRedirect({ status }: { status: number }): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** @throws ForeignAnswerError for one that is not followed */
function redirected(from: URL, location = "", hops: number): URL {
  const to = location !== "" && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isSafe = to && (to.protocol === "https:" || to.protocol === from.protocol);
  if (!isSafe || hops === maxRedirects)
    throw new ForeignAnswerError("redirect", to ? addressOf(to) : "nowhere");
  return to;
}

function explanationOf(error: unknown, address: string): { why: string; hint: string } | undefined {
  const hint = "Open the address in a browser; a file that was saved from it will do, too";
  if (error instanceof StatusError) {
    const gone = error.status === 404 || error.status === 410;
    return { why: `${address} answered ${error.status}`, hint: gone ? "Check the address" : hint };
  }
  if (error instanceof ForeignAnswerError && error.kind === "redirect")
    return { why: `${address} redirects to ${error.excerpt}, which is not followed`, hint };
  const asked = { doing: "", server: address, context: address, secrets: [] };
  const found = explainConnection(asked, error);
  if (!found) return undefined;
  const isAnswer = error instanceof ForeignAnswerError;
  return {
    why: found.why,
    hint: isAnswer
      ? hint
      : "Check that it can be reached and is trusted from here (HTTPS_PROXY, NODE_EXTRA_CA_CERTS); a file will do, too",
  };
}
