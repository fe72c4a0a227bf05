import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  DeadlineError,
  DroppedConnectionError,
  ForeignAnswerError,
  RequestTimeoutError,
  StatusError,
} from "../../src/kube/failure.js";
import { type ApiRequest, type ClientOptions, jsonClient } from "../../src/kube/http.js";
import { type Handler, json, rawServer, standIn, transportTo } from "./stand-in.js";

const never = new AbortController().signal;
const get: ApiRequest = { method: "GET", path: "/api/v1/pods" };
const apply: ApiRequest = {
  method: "PATCH",
  path: "/api/v1/namespaces/a",
  contentType: "application/apply-patch+yaml",
  body: { kind: "Namespace" },
};
const mergePatch: ApiRequest = { ...apply, contentType: "application/merge-patch+json" };

function clientOf(url: string, options: Partial<ClientOptions> = {}, parts = {}) {
  return jsonClient(transportTo(url, parts), { signal: never, firstWaitMs: 2, ...options });
}

/** A handler that fails `times` times and then answers. */
function failing(times: number, fail: Handler): Handler {
  return (request, response) => (times-- > 0 ? fail(request, response) : json(response, { ok: true }));
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

const resetMidBody: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
  response.write('{"items":[');
  setTimeout(() => response.socket?.resetAndDestroy(), 5);
};
const resetAtOnce: Handler = (_, response) => response.socket?.resetAndDestroy();
const truncated: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
  response.write('{"items":[');
  setTimeout(() => response.socket?.end(), 5);
};
const truncatedWithoutLength: Handler = (_, response) => {
  response.socket?.end('HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"items":[{"a":1},');
};
const truncatedGzip: Handler = (_, response) => {
  const whole = gzipSync(JSON.stringify({ text: "x".repeat(1000) }));
  response.writeHead(200, { "Content-Encoding": "gzip" }).end(whole.subarray(0, whole.length - 10));
};
const silent: Handler = () => {};
const trickle: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  const timer = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(timer));
};

describe("what is sent", () => {
  test("path below the server's own path, encoded query, headers of the transport", async () => {
    const { url, received } = await standIn((_, response) => json(response, { ok: true }));
    const headers = async () => ({ Authorization: "Bearer t0ken", "Impersonate-Group": ["a", "b"] });
    const client = clientOf(`${url}/k8s/clusters/c-1/`, {}, { headers });
    const answer = await client.send({ ...get, query: { labelSelector: "a in (b,c)", limit: undefined } });
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(received[0]?.url).toBe("/k8s/clusters/c-1/api/v1/pods?labelSelector=a+in+%28b%2Cc%29");
    expect(received[0]?.headers).toMatchObject({
      accept: "application/json",
      "accept-encoding": "gzip",
      authorization: "Bearer t0ken",
      "impersonate-group": "a, b",
      "user-agent": "flamingo",
    });
  });

  test("a body with its type and its length in bytes", async () => {
    const { url, received } = await standIn((_, response) => json(response, {}, 201));
    const { status } = await clientOf(url).send({ ...apply, body: { text: "✚" } });
    expect(status).toBe(201);
    expect(received[0]).toMatchObject({ method: "PATCH", body: '{"text":"✚"}' });
    expect(received[0]?.headers).toMatchObject({
      "content-type": "application/apply-patch+yaml",
      "content-length": "14",
    });
  });

  test("many requests go over few connections, and warn of nothing", async () => {
    const { url } = await standIn((_, response) => json(response, {}));
    const warnings: unknown[] = [];
    const listener = (warning: unknown) => warnings.push(warning);
    process.on("warning", listener);
    const client = clientOf(url, { signal: new AbortController().signal });
    await Promise.all(Array.from({ length: 40 }, () => client.send(get)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("warning", listener);
    expect(warnings).toEqual([]);
  });
});

describe("compression", () => {
  const zipped: Handler = ({ headers }, response) =>
    headers["accept-encoding"] === "gzip"
      ? response
          .writeHead(200, { "Content-Encoding": "gzip" })
          .end(gzipSync(JSON.stringify({ zipped: true })))
      : json(response, { zipped: false });

  test("takes gzip", async () => {
    const { url } = await standIn(zipped);
    expect((await clientOf(url).send(get)).body).toEqual({ zipped: true });
  });

  test("does without by --disable-compression", async () => {
    const { url } = await standIn(zipped);
    expect((await clientOf(url, {}, { disableCompression: true }).send(get)).body).toEqual({ zipped: false });
  });
});

describe("retries", () => {
  const status =
    (code: number, headers = {}): Handler =>
    (_, response) =>
      json(response, { kind: "Status", message: `no (${code})` }, code, headers);

  test.each<[string, ApiRequest, Handler]>([
    ["a read after 429", get, status(429, { "Retry-After": "0" })],
    ["a read after 500", get, status(500)],
    ["a read after 502", get, status(502)],
    ["a read after 503", get, status(503)],
    ["a read after 504", get, status(504)],
    ["a read after a reset", get, resetAtOnce],
    ["a read after a reset in the middle of the answer", get, resetMidBody],
    ["a read after an answer cut short", get, truncated],
    ["a read after an answer cut short that had no length", get, truncatedWithoutLength],
    ["a read after a compressed answer cut short", get, truncatedGzip],
    ["an apply after 503", apply, status(503)],
    ["an apply after 500 with Retry-After", apply, status(500, { "Retry-After": "0" })],
    ["an apply after a reset", apply, resetAtOnce],
  ])("%s", async (_, request, fault) => {
    const { url, received } = await standIn(failing(4, fault));
    expect((await clientOf(url).send(request)).body).toEqual({ ok: true });
    expect(received).toHaveLength(5);
  });

  test.each<[string, ApiRequest, Handler]>([
    ["a read after 403", get, status(403)],
    ["a read after 404", get, status(404)],
    ["an apply after 409", apply, status(409)],
    ["an apply after 500", apply, status(500)],
    ["a merge patch after 503", mergePatch, status(503)],
    ["a merge patch after a reset", mergePatch, resetAtOnce],
    ["a web page", get, (_, response) => response.end("<html></html>")],
  ])("not %s", async (_, request, fault) => {
    const { url, received } = await standIn(failing(1, fault));
    await failureOf(clientOf(url).send(request));
    expect(received).toHaveLength(1);
  });

  test("give up after five tries with the last failure", async () => {
    const { url, received } = await standIn(status(503));
    expect(await failureOf(clientOf(url).send(get))).toMatchObject({ status: 503, tries: 5 });
    expect(received).toHaveLength(5);
  });

  test("wait as long as Retry-After says", async () => {
    const { url } = await standIn(failing(1, status(429, { "Retry-After": "1" })));
    const { ms } = await timed(clientOf(url).send(get));
    expect(ms).toBeGreaterThan(990);
    expect(ms).toBeLessThan(1900);
  });

  test("do not wait when Retry-After is longer than anybody waits", async () => {
    const { url, received } = await standIn(status(503, { "Retry-After": "3600" }));
    expect(await failureOf(clientOf(url).send(get))).toMatchObject({ retryAfter: "3600", tries: 1 });
    expect(received).toHaveLength(1);
  });

  test("not when nobody listens", async () => {
    const trace: string[] = [];
    const options = { trace: (line: string) => trace.push(line), firstWaitMs: 500 };
    const client = clientOf("http://127.0.0.1:1", options);
    const { result, ms } = await timed(failureOf(client.send(get)));
    expect(result).toMatchObject({ code: "ECONNREFUSED" });
    expect(trace).toHaveLength(1);
    expect(ms).toBeLessThan(400);
  });
});

describe("401", () => {
  const wantsToken =
    (token: string): Handler =>
    ({ headers }, response) =>
      headers.authorization === token
        ? json(response, { ok: true })
        : json(response, { kind: "Status", message: "Unauthorized", code: 401 }, 401);

  test("once more with new credentials", async () => {
    const { url, received } = await standIn(wantsToken("new"));
    let token = "old";
    const renew = () => {
      token = "new";
      return true;
    };
    const client = clientOf(url, {}, { renew, headers: async () => ({ Authorization: token }) });
    expect((await client.send(get)).body).toEqual({ ok: true });
    expect(received.map(({ headers }) => headers.authorization)).toEqual(["old", "new"]);
  });

  test("requests that are refused together renew together", async () => {
    const { url } = await standIn(wantsToken("new 1"));
    let renewals = 0;
    const renew = () => ++renewals > 0;
    const headers = async () => ({ Authorization: renewals === 0 ? "old" : `new ${renewals}` });
    const client = clientOf(url, {}, { renew, headers });
    await Promise.all([client.send(get), client.send(get), client.send(get)]);
    expect(renewals).toBe(1);
  });

  test("is final when the new credentials are refused too", async () => {
    const { url, received } = await standIn(wantsToken("other"));
    const client = clientOf(url, {}, { renew: () => true });
    expect(await failureOf(client.send(get))).toMatchObject({ status: 401, tries: 1 });
    expect(received).toHaveLength(2);
  });

  test("is final when there are no others", async () => {
    const { url, received } = await standIn(wantsToken("other"));
    expect(await failureOf(clientOf(url).send(get))).toMatchObject({ status: 401 });
    expect(received).toHaveLength(1);
  });
});

describe("answers that cannot be used", () => {
  const text =
    (body: string, status = 200, headers = {}): Handler =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  test.each<[string, Handler, object]>([
    [
      "a login page",
      text("<!doctype html><html><head><title>\n Sign in\n</title>", 200, { "Content-Type": "text/html" }),
      { kind: "web page", excerpt: "Sign in" },
    ],
    ["a page without a type", text("<html></html>"), { kind: "web page", excerpt: "" }],
    [
      "a redirect, which may carry secrets in its query",
      text("", 302, { Location: "https://login.example/auth?state=s3cret" }),
      { kind: "redirect", excerpt: "https://login.example/auth" },
    ],
    ["plain text", text("hello\nthere"), { kind: "not JSON", excerpt: "hello there" }],
    ["nothing", text(""), { kind: "not JSON", excerpt: "" }],
    [
      "long text",
      text("no ".repeat(100)),
      { kind: "not JSON", excerpt: expect.stringMatching(/^(no ){39}no…$/) },
    ],
  ])("%s", async (_, handler, expected) => {
    const { url } = await standIn(handler);
    const failure = await failureOf(clientOf(url).send(get));
    expect(failure).toBeInstanceOf(ForeignAnswerError);
    expect(failure).toMatchObject(expected);
  });

  test.each<[string, Handler, object]>([
    [
      "a Status",
      (_, response) => json(response, { kind: "Status", reason: "Forbidden", message: "no" }, 403),
      { status: 403, message: "no", body: { reason: "Forbidden" }, page: undefined },
    ],
    [
      "plain text",
      text("404 page not found\n", 404),
      { status: 404, body: { message: "404 page not found" } },
    ],
    [
      "other JSON",
      (_, response) => json(response, { message: "no cluster" }, 404),
      { body: { message: "no cluster" } },
    ],
    ["a page", text("<html><title>Forbidden</title>", 403), { status: 403, page: "Forbidden", body: {} }],
    ["an empty body", text("", 404), { status: 404, body: {} }],
  ])("an error with %s", async (_, handler, expected) => {
    const { url } = await standIn(handler);
    const failure = await failureOf(clientOf(url).send(get));
    expect(failure).toBeInstanceOf(StatusError);
    expect(failure).toMatchObject(expected);
  });

  test("a reset in the middle of every answer", async () => {
    const { url } = await standIn(resetMidBody);
    const failure = await failureOf(clientOf(url).send(get));
    expect(failure).toBeInstanceOf(DroppedConnectionError);
    expect(failure).toMatchObject({ midAnswer: true, tries: 5 });
  });
});

describe("time", () => {
  test.each([
    ["never answers", silent],
    ["trickles", trickle],
  ])("a request ends in its own time when the server %s, and is not repeated", async (_, handler) => {
    const { url, received } = await standIn(handler);
    const { result, ms } = await timed(failureOf(clientOf(url, { requestTimeoutMs: 150 }).send(get)));
    expect(result).toBeInstanceOf(RequestTimeoutError);
    expect(ms).toBeGreaterThan(140);
    expect(ms).toBeLessThan(1000);
    expect(received).toHaveLength(1);
  });

  test("0 means no limit for one request", async () => {
    const { url } = await standIn((_, response) => setTimeout(() => json(response, {}), 60));
    expect((await clientOf(url, { requestTimeoutMs: 0 }).send(get)).status).toBe(200);
  });

  test.each<[string, Handler]>([
    ["never answers", silent],
    ["trickles", trickle],
    ["asks to wait", (_, response) => json(response, {}, 429, { "Retry-After": "60" })],
    ["is always busy", (_, response) => json(response, {}, 503)],
  ])("the deadline holds when the server %s", async (_, handler) => {
    const { url } = await standIn(handler);
    const client = clientOf(url, { signal: AbortSignal.timeout(400), firstWaitMs: 300 });
    const { result, ms } = await timed(failureOf(client.send(get)));
    expect(result).toBeInstanceOf(DeadlineError);
    expect(ms).toBeGreaterThan(390);
    expect(ms).toBeLessThan(1400);
  });

  test("the deadline holds before the TLS handshake is done", async () => {
    const port = await rawServer(() => {});
    const client = clientOf(`https://127.0.0.1:${port}`, { signal: AbortSignal.timeout(200) });
    const { result, ms } = await timed(failureOf(client.send(get)));
    expect(result).toBeInstanceOf(DeadlineError);
    expect(ms).toBeLessThan(1200);
  });

  test("the deadline holds while credentials are fetched", async () => {
    const headers = () => new Promise<Record<string, string>>(() => {});
    const client = clientOf("http://127.0.0.1:1", { signal: AbortSignal.timeout(100) }, { headers });
    const { result, ms } = await timed(failureOf(client.send(get)));
    expect(result).toBeInstanceOf(DeadlineError);
    expect(ms).toBeLessThan(1100);
  });

  test("the deadline remembers why it was still trying", async () => {
    const { url } = await standIn((_, response) => json(response, {}, 503, { "Retry-After": "60" }));
    const failure = await failureOf(clientOf(url, { signal: AbortSignal.timeout(100) }).send(get));
    expect(failure).toMatchObject({ lastFailure: { status: 503 } });
  });

  test.each([
    ["on its way", silent],
    ["half answered", trickle],
  ])("Ctrl-C ends at once what is %s, with its own reason", async (_, handler) => {
    const { url } = await standIn(handler);
    const interrupted = new AbortController();
    const reason = new Error("interrupted");
    setTimeout(() => interrupted.abort(reason), 50);
    const { result, ms } = await timed(failureOf(clientOf(url, { signal: interrupted.signal }).send(get)));
    expect(result).toBe(reason);
    expect(ms).toBeLessThan(300);
  });

  test("nothing is asked after the end", async () => {
    const { url, received } = await standIn(silent);
    const reason = new Error("interrupted");
    expect(await failureOf(clientOf(url, { signal: AbortSignal.abort(reason) }).send(get))).toBe(reason);
    expect(received).toHaveLength(0);
  });

  test("a request can have an end of its own", async () => {
    const { url } = await standIn(silent);
    const unwanted = new AbortController();
    setTimeout(() => unwanted.abort(new Error("unwanted")), 20);
    expect(await failureOf(clientOf(url).send(get, unwanted.signal))).toMatchObject({ message: "unwanted" });
  });
});

describe("a request whose answer stays open", () => {
  const openedBy = (work: () => Promise<string>, trace: string[] = [], parts = {}) =>
    clientOf("http://127.0.0.1:1", { trace: (line) => trace.push(line) }, parts).open(get, work);
  const shortened = (trace: string[]) => trace.map((line) => line.replace(/\d+ms$/, "1ms"));

  test("is what was made of it", async () => {
    const trace: string[] = [];
    expect(await openedBy(async () => "stream", trace)).toBe("stream");
    expect(shortened(trace)).toEqual(["GET /api/v1/pods opened in 1ms"]);
  });

  test("is not tried again, but after a 401 with new credentials", async () => {
    const trace: string[] = [];
    const failures = [new StatusError(401, {}), new StatusError(503, {})];
    const fails = () => Promise.reject(failures.shift());
    expect(await failureOf(openedBy(fails, trace, { renew: () => true }))).toMatchObject({ status: 503 });
    expect(shortened(trace)).toEqual(["GET /api/v1/pods 401 in 1ms", "GET /api/v1/pods 503 in 1ms"]);
  });
});

test("--verbose names each try, without headers", async () => {
  const { url } = await standIn(failing(1, (_, response) => json(response, {}, 503)));
  const lines: string[] = [];
  const headers = async () => ({ Authorization: "Bearer t0ken" });
  const client = clientOf(url, { trace: (line) => lines.push(line) }, { headers });
  await client.send({ ...get, query: { limit: "500" } });
  expect(lines.map((line) => line.replace(/\d+ms$/, "1ms"))).toEqual([
    "GET /api/v1/pods?limit=500 503 in 1ms",
    "GET /api/v1/pods?limit=500 200 in 1ms",
  ]);
});
