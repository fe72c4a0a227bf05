import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.js";
import { DroppedConnectionError, ForeignAnswerError, StatusError } from "../../../src/kube/failure.js";
import { readEvent } from "../../../src/kube/watch/event.js";
import { LineReader } from "../../../src/kube/watch/lines.js";
import { pauseAfter, Setbacks, statusOf } from "../../../src/kube/watch/setback.js";

describe("LineReader", () => {
  function linesOf(chunks: (string | Buffer)[]) {
    const reader = new LineReader();
    const lines = chunks.flatMap((chunk) => [...reader.read(Buffer.from(chunk))]);
    return { lines, isCutOff: reader.isCutOff };
  }

  test.each<[string, string[], string[], boolean]>([
    ["a line", ["a\n"], ["a"], false],
    ["several in a chunk", ["a\nb\nc\n"], ["a", "b", "c"], false],
    ["a line in several chunks", ["a", "b", "c\nd\n"], ["abc", "d"], false],
    ["a line break on its own", ["a", "\n", "b\n"], ["a", "b"], false],
    ["empty lines", ["\n\na\n\n"], ["a"], false],
    ["a last line that is cut off", ["a\nb"], ["a"], true],
    ["nothing", [""], [], false],
  ])("%s", (_, chunks, lines, isCutOff) => expect(linesOf(chunks)).toEqual({ lines, isCutOff }));

  test("letters of several bytes, whatever the chunks", () => {
    const text = "zażółć ✚ 🦩\nflamingo 火烈鸟\n";
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(linesOf(chunks).lines, `chunks of ${size} bytes`).toEqual(["zażółć ✚ 🦩", "flamingo 火烈鸟"]);
    }
  });

  test("a long line in many chunks takes time in proportion", () => {
    const megabyte = "x".repeat(1024 * 1024);
    const start = performance.now();
    const { lines } = linesOf([...Array.from({ length: 8 * 64 }, () => megabyte.slice(0, 16_384)), "\n"]);
    expect(lines[0]).toHaveLength(8 * 1024 * 1024);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("a line that never ends is given up", () => {
    const reader = new LineReader();
    const chunk = Buffer.alloc(16 * 1024 * 1024, "x");
    const readOn = () => {
      for (let count = 0; count < 5; count++) [...reader.read(chunk)];
    };
    expect(readOn).toThrow(ForeignAnswerError);
  });
});

describe("readEvent", () => {
  const object = { kind: "Pod", metadata: { name: "a", resourceVersion: "7" } };
  const line = (type: unknown, what: unknown = object) => JSON.stringify({ type, object: what });

  test.each([
    ["ADDED", "set"],
    ["MODIFIED", "set"],
    ["DELETED", "gone"],
    ["BOOKMARK", "bookmark"],
  ])("%s", (type, expected) => expect(readEvent(line(type))).toEqual({ type: expected, object }));

  test("an error is the failure that it tells of", () => {
    const status = {
      kind: "Status",
      code: 410,
      reason: "Expired",
      message: "too old resource version: 1 (9)",
    };
    const read = () => readEvent(line("ERROR", status));
    expect(read).toThrow(StatusError);
    expect(read).toThrow(expect.objectContaining({ status: 410, message: status.message, body: status }));
    expect(() => readEvent(line("ERROR", {}))).toThrow(expect.objectContaining({ status: 500 }));
  });

  test.each([
    ["a page", "<html>Sign in</html>", "<html>Sign in</html>"],
    ["a number", "5", "5"],
    ["a type of its own", line("toString"), "an event of an unknown form"],
    ["no type", line(undefined), "an event of an unknown form"],
    ["no object", '{"type":"ADDED"}', "an event of an unknown form"],
    ["half a Secret", '{"type":"ADDED","object":{"data":{"password":"hunter2', "an event of an unknown form"],
  ])("no event: %s", (_, text, excerpt) => {
    const read = () => readEvent(text);
    expect(read).toThrow(ForeignAnswerError);
    expect(read).toThrow(expect.objectContaining({ excerpt }));
  });
});

test.each<[string, unknown, number | undefined]>([
  ["an answer", new StatusError(403, {}), 403],
  ["a sentence made of one", new UserError("no", { cause: new StatusError(404, {}) }), 404],
  ["another sentence", new UserError("no"), undefined],
  ["a drop", new DroppedConnectionError(true), undefined],
])("statusOf() of %s", (_, failure, status) => expect(statusOf(failure)).toBe(status));

test.each<[string, unknown, number, [number, number]]>([
  ["the first", new DroppedConnectionError(true), 1, [225, 375]],
  ["the second", new DroppedConnectionError(true), 2, [450, 750]],
  ["the hundredth", new DroppedConnectionError(true), 100, [22_500, 37_500]],
  ["for want of rights", new StatusError(403, {}), 100, [45_000, 75_000]],
  ["for want of a CRD", new StatusError(404, {}), 5000, [45_000, 75_000]],
  ["as the server asks", new StatusError(429, {}, { retryAfter: "40" }), 1, [40_000, 40_000]],
  ["not for ever", new StatusError(503, {}, { retryAfter: "86400" }), 1, [120_000, 120_000]],
])("pauseAfter() a failure: %s", (_, failure, setbacks, [least, most]) => {
  const pause = pauseAfter(failure, { setbacks });
  expect(pause).toBeGreaterThanOrEqual(least);
  expect(pause).toBeLessThanOrEqual(most);
});

describe("Setbacks", () => {
  const [broken, refused] = [true, false];

  test.each<[string, [hadBegun: boolean, lastedMs: number][], number, boolean]>([
    ["what did not begin is told at once", [[refused, 0]], 1, true],
    ["what breaks off is not", [[broken, 0]], 1, false],
    ["nor the fifth time in a row", Array(5).fill([broken, 500]), 5, false],
    ["but the sixth", Array(6).fill([broken, 500]), 6, true],
    ["never what holds for some time", Array(20).fill([broken, 50_000]), 1, false],
    ["each sort counts alone", [...Array(6).fill([broken, 0]), [refused, 0]], 1, true],
    ["and begins anew", [...Array(6).fill([refused, 0]), [broken, 0]], 1, false],
  ])("%s", (_, failures, inARow, isTrouble) => {
    const setbacks = new Setbacks();
    const answers = failures.map(([hadBegun, lastedMs]) => setbacks.add(hadBegun, lastedMs));
    expect([setbacks.inARow, answers.at(-1)]).toEqual([inARow, isTrouble]);
  });

  test("what works ends the row", () => {
    const setbacks = new Setbacks();
    for (let count = 0; count < 5; count++) setbacks.add(broken, 0);
    setbacks.forget();
    expect(setbacks.add(broken, 0)).toBe(false);
    expect(setbacks.inARow).toBe(1);
  });
});
