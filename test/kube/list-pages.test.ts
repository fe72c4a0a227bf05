import { expect, test } from "vitest";
import { jsonClient } from "../../src/kube/http.js";
import { listPages } from "../../src/kube/list-pages.js";
import { collect } from "./collect.js";
import { type Handler, json, standIn, transportTo } from "./stand-in.js";

const request = { method: "GET", path: "/api/v1/pods" } as const;

/** Three pages, the tokens of which are "2" and "3". */
const threePages: Handler = ({ url }, response) => {
  const page = Number(new URLSearchParams(url.split("?")[1]).get("continue") ?? 1);
  json(response, { metadata: page < 3 ? { continue: String(page + 1) } : {}, items: [`item of ${page}`] });
};

function pagesOf(url: string, signal = new AbortController().signal) {
  return listPages<string>(jsonClient(transportTo(url), { signal, firstWaitMs: 1 }), request, signal);
}

const pause = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms));

test("reads pages to the end", async () => {
  const { url, received } = await standIn(threePages);
  const pages = await collect(pagesOf(url));
  expect(pages).toEqual([["item of 1"], ["item of 2"], ["item of 3"]]);
  expect(received.map((one) => one.url)).toEqual([
    "/api/v1/pods?limit=500",
    "/api/v1/pods?limit=500&continue=2",
    "/api/v1/pods?limit=500&continue=3",
  ]);
});

test("fetches one page ahead, and not more", async () => {
  const { url, received } = await standIn(threePages);
  const pages = pagesOf(url);
  await pages.next();
  await pause();
  expect(received).toHaveLength(2);
  await pages.next();
  await pause();
  expect(received).toHaveLength(3);
});

test("hands out no empty page", async () => {
  const { url } = await standIn((_, response) => json(response, { metadata: {}, items: [] }));
  expect(await collect(pagesOf(url))).toEqual([]);
});

test("who stops early also stops the page that is on its way", async () => {
  let closed = false;
  const { url } = await standIn((received, response) => {
    if (!received.url.includes("continue")) return threePages(received, response);
    response.on("close", () => {
      closed = true;
    });
  });
  for await (const page of pagesOf(url)) {
    expect(page).toEqual(["item of 1"]);
    await pause();
    break;
  }
  await pause();
  expect(closed).toBe(true);
});

test("the end of the command ends the list with its reason", async () => {
  const { url } = await standIn((received, response) => {
    if (!received.url.includes("continue")) threePages(received, response);
  });
  const interrupted = new AbortController();
  const pages = pagesOf(url, interrupted.signal);
  await pages.next();
  const reason = new Error("interrupted");
  setTimeout(() => interrupted.abort(reason), 20);
  await expect(pages.next()).rejects.toBe(reason);
});

const expired =
  (metadata: object): Handler =>
  (received, response) =>
    received.url.includes("continue=2")
      ? json(response, { kind: "Status", reason: "Expired", message: "too old", metadata, code: 410 }, 410)
      : threePages(received, response);

test("goes on from the same place when the state of the first page is gone", async () => {
  const { url } = await standIn(expired({ continue: "3" }));
  expect(await collect(pagesOf(url))).toEqual([["item of 1"], ["item of 3"]]);
});

test("fails when the server offers no way to go on", async () => {
  const { url } = await standIn(expired({}));
  await expect(collect(pagesOf(url))).rejects.toMatchObject({ status: 410 });
});

test("a failure of a later page is a failure of the list", async () => {
  const { url } = await standIn((received, response) =>
    received.url.includes("continue=3") ? json(response, {}, 403) : threePages(received, response),
  );
  await expect(collect(pagesOf(url))).rejects.toMatchObject({ status: 403 });
});
