import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type Endpoints, parseListen, serve } from "../../../src/loopback/engine/http-server.js";
import { Metrics } from "../../../src/loopback/engine/metrics.js";

test.each([
  [":8080", { host: undefined, port: 8080 }],
  ["8080", { host: undefined, port: 8080 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["[::1]:9", { host: "::1", port: 9 }],
  ["localhost:65535", { host: "localhost", port: 65_535 }],
  [":65536", undefined],
  ["here", undefined],
  ["http://x:1", undefined],
])("--listen %s", (text, address) => expect(parseListen(text)).toEqual(address));

/** What a server with these endpoints answers, beside those of one that does well. */
async function serving(changes: Partial<Endpoints>) {
  const failures: string[] = [];
  const listening = await serve(
    { host: "127.0.0.1", port: 0 },
    {
      health: () => ({ ok: true, text: "3 of 4 in step" }),
      life: () => ({ ok: true, text: "alive" }),
      metrics: async () => "",
      failed: ({ message }) => void failures.push(message),
      ...changes,
    },
  );
  onTestFinished(() => listening.close());
  const get = async (path: string, method = "GET") => {
    const response = await fetch(`http://${listening.address}${path}`, { method });
    return [response.status, await response.text()];
  };
  return { get, failures };
}

test("serves health and metrics", async () => {
  let ok = true;
  let isAlive = true;
  const metrics = new Metrics();
  metrics.observeLag(0.3);
  metrics.answers["sync"] = 2;
  const { get } = await serving({
    health: () => ({ ok, text: ok ? "3 of 4 in step" : "redis does not answer" }),
    life: () => ({ ok: isAlive, text: isAlive ? "alive" : "stuck" }),
    metrics: () => metrics.render(),
  });
  expect(await get("/healthz")).toEqual([200, "3 of 4 in step\n"]);
  ok = false;
  expect(await get("/healthz")).toEqual([503, "redis does not answer\n"]);
  expect(await get("/livez")).toEqual([200, "alive\n"]);
  isAlive = false;
  expect(await get("/livez")).toEqual([503, "stuck\n"]);
  const [status, text] = await get("/metrics");
  expect(status).toBe(200);
  expect(text).toContain('flamingo_loopback_answers_total{kind="sync"} 2\n');
  expect(text).toContain('flamingo_loopback_lag_seconds_bucket{le="0.25"} 0\n');
  expect(text).toContain('flamingo_loopback_lag_seconds_bucket{le="0.5"} 1\n');
  expect(text).toContain("flamingo_loopback_lag_seconds_sum 0.3\n");
  expect((await get("/else"))[0]).toBe(404);
  expect((await get("/healthz", "POST"))[0]).toBe(405);
});

test("what fails is a bug that is told once, and everything else goes on", async () => {
  const { get, failures } = await serving({
    metrics: async () => {
      throw new TypeError("labels is not iterable");
    },
  });
  for (let times = 0; times < 2; times++)
    expect(await get("/metrics")).toEqual([500, "This is a bug of flamingo that its log tells of\n"]);
  expect(await get("/healthz")).toEqual([200, "3 of 4 in step\n"]);
  expect(failures).toEqual([
    expect.stringMatching(
      /^Cannot serve \/metrics, which is a bug of flamingo: TypeError: labels is not iterable at /,
    ),
  ]);
});

test("a port that somebody has is an error", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const health = () => ({ ok: true, text: "" });
  const endpoints = { health, life: health, metrics: async () => "", failed: () => {} };
  await expect(serve({ host: "127.0.0.1", port }, endpoints)).rejects.toMatchObject({
    message: `Cannot listen on 127.0.0.1:${port}: somebody listens there already`,
    hint: "Choose another --listen, or port 0 for a free one",
  });
});
