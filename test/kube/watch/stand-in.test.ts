import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { openKube } from "../../../src/kube/cluster.js";
import { explain } from "../../../src/kube/explain.js";
import { jsonClient } from "../../../src/kube/http.js";
import { Pod } from "../../../src/kube/kinds.js";
import { watchObjects } from "../../../src/kube/watch/watch.js";
import { type Handler, json, type Received, standIn, transportTo } from "../stand-in.js";
import { listenTo, soon } from "./listen.js";

/** For what no API server can be asked to do. */

const never = new AbortController().signal;

const pod = (name: string, resourceVersion = "1", more: object = {}) => ({
  metadata: { namespace: "a", name, resourceVersion },
  ...more,
});
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const queryOf = ({ url }: Received) => new URLSearchParams(url.split("?")[1]);
const isWatch = (received: Received) => queryOf(received).get("watch") === "true";

/** Answers lists with these names, and leaves watches to `onWatch`, which is told how many came before. */
function serving(names: string[], onWatch: (response: ServerResponse, before: number) => unknown): Handler {
  let watches = 0;
  return (received, response) => {
    if (!isWatch(received)) {
      return json(response, { metadata: { resourceVersion: "10" }, items: names.map((name) => pod(name)) });
    }
    response.writeHead(200, { "Content-Type": "application/json" });
    response.flushHeaders();
    onWatch(response, watches++);
  };
}

function watching(
  url: string,
  { silenceMs, requestTimeoutMs }: { silenceMs?: number; requestTimeoutMs?: number } = {},
) {
  const client = jsonClient(transportTo(url), { signal: never, requestTimeoutMs });
  return listenTo((signal) =>
    watchObjects(
      {
        client,
        signal,
        firstWaitMs: 1,
        silenceMs,
        versionOf: async () => "v1",
        forget: () => {},
        explain: (verb, error) => explain({ doing: verb, server: url, context: "test", secrets: [] }, error),
      },
      Pod,
      {},
    ),
  );
}

const watchesOf = ({ received }: { received: Received[] }) =>
  received.filter(isWatch).map((one) => queryOf(one).get("resourceVersion"));

test("asks for bookmarks, from where the list was, and for some minutes", async () => {
  const server = await standIn(serving(["x"], () => {}));
  const { lines } = watching(server.url);
  await soon(() => watchesOf(server)).toEqual(["10"]);
  const query = queryOf(server.received.filter(isWatch)[0] as Received);
  expect(query.get("allowWatchBookmarks")).toBe("true");
  expect(Number(query.get("timeoutSeconds"))).toBeGreaterThanOrEqual(300);
  expect(Number(query.get("timeoutSeconds"))).toBeLessThan(600);
  expect(lines).toEqual(["set a/x", "synced"]);
});

test("goes on from the last event or bookmark, when the server ends a watch", async () => {
  const server = await standIn(
    serving([], (response, before) => {
      if (before === 0) response.end(line("ADDED", pod("x", "12")));
      if (before === 1) response.end(line("BOOKMARK", { metadata: { resourceVersion: "30" } }));
    }),
  );
  const { lines } = watching(server.url);
  await soon(() => watchesOf(server)).toEqual(["10", "12", "30"]);
  expect(lines).toEqual(["synced", "set a/x"]);
});

test.each<[string, (response: ServerResponse) => void]>([
  [
    "within the stream",
    (response) =>
      response.end(line("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old" })),
  ],
  [
    "in the middle of a line",
    (response) => {
      response.write('{"type":"ADDED","obj');
      setTimeout(() => response.socket?.resetAndDestroy(), 5);
    },
  ],
  ["by a line that is cut off", (response) => void response.end('{"type":"ADDED","obj')],
  ["by something else", (response) => void response.end("upstream connect error\n")],
  [
    "by another error",
    (response) => void response.end(line("ERROR", { kind: "Status", code: 500, message: "no leader" })),
  ],
])("a watch that ends %s begins again without a word", async (_, end) => {
  const server = await standIn(
    serving(["x"], (response, before) => {
      if (before < 3) end(response);
      else response.write(line("DELETED", pod("x", "40")));
    }),
  );
  const { lines } = watching(server.url);
  await soon(() => lines).toContain("gone a/x");
  expect(lines.filter((one) => /available/.test(one))).toEqual([]);
});

test("410 in answer to a watch lists again, and tells what is gone", async () => {
  let lists = 0;
  const server = await standIn((received, response) => {
    if (isWatch(received) && queryOf(received).get("resourceVersion") === "1") {
      return json(response, { kind: "Status", message: "too old resource version: 1 (7)" }, 410);
    }
    if (isWatch(received)) return response.writeHead(200).flushHeaders();
    const names = lists++ === 0 ? ["x", "y"] : ["y", "z"];
    json(response, {
      metadata: { resourceVersion: String(lists) },
      items: names.map((name) => pod(name)),
    });
  });
  const { lines } = watching(server.url);
  await soon(() => watchesOf(server)).toEqual(["1", "2"]);
  expect(lines).toEqual(["set a/x", "set a/y", "synced", "set a/y", "set a/z", "gone a/x", "synced"]);
});

test("a list that breaks off tells nothing as gone", async () => {
  let fails = false;
  const server = await standIn((received, response) => {
    if (isWatch(received)) {
      if (fails) return response.writeHead(200).flushHeaders();
      fails = true;
      return json(response, { kind: "Status" }, 410);
    }
    if (!fails) return json(response, { metadata: { resourceVersion: "1" }, items: [pod("x"), pod("y")] });
    if (!queryOf(received).has("continue")) {
      return json(response, { metadata: { resourceVersion: "2", continue: "more" }, items: [pod("y")] });
    }
    json(response, { kind: "Status", message: "pods is forbidden: no" }, 403);
  });
  const { lines } = watching(server.url);
  await soon(() => lines.slice(3)).toContain("unavailable: Cannot list: pods is forbidden: no");
  expect(lines).not.toContain("gone a/x");
});

test("connections that only ever break off are worth a word, and one that opens is no proof", async () => {
  let isMended = false;
  const server = await standIn(
    serving([], (response, before) => {
      if (!isMended) response.end();
      else if (before > 0) response.write(line("BOOKMARK", { metadata: { resourceVersion: "50" } }));
    }),
  );
  const { lines } = watching(server.url);
  const trouble = `unavailable: Cannot watch: ${server.url} closed the connection in the middle of its answer`;
  await soon(() => lines).toContain(trouble);
  await sleep(30);
  expect(lines.filter((one) => one !== "synced")).toEqual([trouble]);
  isMended = true;
  await soon(() => lines.filter((one) => one !== "synced")).toEqual([trouble, "available"]);
});

test("a connection that died without a word is given up", async () => {
  const server = await standIn(serving([], () => {}));
  const { lines } = watching(server.url, { silenceMs: 100 });
  await soon(() => watchesOf(server).length).toBeGreaterThan(2);
  expect(lines).toEqual(["synced"]);
});

test("a watch that is not answered at all is given up", async () => {
  const server = await standIn((received, response) => {
    if (!isWatch(received)) json(response, { metadata: { resourceVersion: "10" }, items: [] });
  });
  const { lines } = watching(server.url, { requestTimeoutMs: 200 });
  await soon(() => lines).toEqual([
    "synced",
    `unavailable: Cannot watch: ${server.url} did not answer in full within 0.2s`,
  ]);
});

test("a bug of ours ends it", async () => {
  const server = await standIn((_, response) => json(response, { kind: "Status", message: "what?" }, 400));
  await expect(watching(server.url).ended).rejects.toMatchObject({ status: 400 });
});

test("an event of several megabytes, in pieces that split letters", async () => {
  const text = "✚🦩".repeat(500_000);
  const bytes = Buffer.from(line("ADDED", pod("big", "20", { data: { text } })));
  const server = await standIn(
    serving([], (response) => {
      for (let at = 0; at < bytes.length; at += 9973) response.write(bytes.subarray(at, at + 9973));
    }),
  );
  const { objects } = watching(server.url);
  await soon(() => objects.get("a/big")).toMatchObject({ data: { text } });
});

describe("much", () => {
  test("5,000 objects in ten pages, then 5,000 events", async () => {
    const server = await standIn((received, response) => {
      if (isWatch(received)) {
        response.writeHead(200);
        for (let at = 0; at < 5000; at++) response.write(line("DELETED", pod(`p${at}`, `${at + 20}`)));
        return;
      }
      const page = Number(queryOf(received).get("continue") ?? 0);
      const items = Array.from({ length: 500 }, (_, at) => pod(`p${page * 500 + at}`));
      json(response, {
        metadata: { resourceVersion: "10", ...(page < 9 ? { continue: String(page + 1) } : {}) },
        items,
      });
    });
    const { lines, objects } = watching(server.url);
    await soon(() => lines).toHaveLength(10_001);
    expect(lines[5000]).toBe("synced");
    expect(objects.size).toBe(0);
  });

  test("who does not listen is not told: the server has to wait", async () => {
    let sent = 0;
    const big = line("ADDED", pod("x", "20", { data: "x".repeat(100_000) }));
    const { url } = await standIn(
      serving([], (response) => {
        const send = () => {
          while (sent < 1000 && response.write(big)) sent++;
        };
        response.on("drain", () => {
          sent++;
          send();
        });
        send();
      }),
    );
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const kube = openKube(transportTo(url), { signal: stop.signal });
    let heard = 0;
    for await (const { type } of kube.watch(Pod)) {
      if (type !== "set") continue;
      if (++heard === 1) {
        await sleep(200);
        const sentMeanwhile = sent;
        await sleep(200);
        expect(sent).toBe(sentMeanwhile);
        expect(sent).toBeLessThan(500);
      }
      if (heard === 1000) break;
    }
    expect(sent).toBe(1000);
  });
});
