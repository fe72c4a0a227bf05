import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { WorkQueue } from "../../../src/loopback/engine/work-queue.js";

/** A queue whose works end when they are told to. */
function controlled(options: { spacingMs?: number; atOnce?: number; firstWaitMs?: number } = {}) {
  const begun: string[] = [];
  const running = new Map<string, (outcome: "done" | "later") => void>();
  const queue = new WorkQueue<string>({
    work: (key) =>
      new Promise((resolve) => {
        begun.push(key);
        running.set(key, resolve);
      }),
    spacingMs: 0,
    atOnce: 2,
    firstWaitMs: 5,
    ...options,
  });
  const end = async (key: string, outcome: "done" | "later" = "done") => {
    running.get(key)?.(outcome);
    await sleep(1);
  };
  return { queue, begun, end };
}

test("works on so many at once, and on each key by one", async () => {
  const { queue, begun, end } = controlled();
  for (const key of ["a", "b", "c", "a"]) queue.add(key);
  expect(begun).toEqual(["a", "b"]);
  await end("a");
  // "a" was wanted again while it was worked on
  expect(begun).toEqual(["a", "b", "c"]);
  await end("b");
  expect(begun).toEqual(["a", "b", "c", "a"]);
  expect(queue.length).toBe(2);
  await end("c");
  await end("a");
  await queue.idle();
  expect(queue.length).toBe(0);
});

test("a key is worked on no more often than its spacing, and no change is lost", async () => {
  const times: number[] = [];
  const queue = new WorkQueue<string>({
    work: async () => {
      times.push(performance.now());
      return "done";
    },
    spacingMs: 60,
    atOnce: 4,
  });
  for (let change = 0; change < 20; change++) {
    queue.add("a");
    await sleep(5);
  }
  await queue.idle();
  expect(times.length).toBeGreaterThanOrEqual(2);
  expect(times.length).toBeLessThanOrEqual(5);
  for (const [index, time] of times.entries())
    if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThan(55);
});

test("what could not be done is tried again", async () => {
  let tries = 0;
  const queue = new WorkQueue<string>({
    work: async () => (++tries < 3 ? "later" : "done"),
    spacingMs: 0,
    atOnce: 1,
    firstWaitMs: 2,
  });
  queue.add("a");
  await queue.idle();
  expect(tries).toBe(3);
});

test("what failed does not wait when it is added again, nor when it was added meanwhile", async () => {
  const { queue, begun, end } = controlled({ firstWaitMs: 60_000 });
  queue.add("a");
  await end("a", "later");
  expect(begun).toEqual(["a"]);
  queue.add("a");
  expect(begun).toEqual(["a", "a"]);
  queue.add("a");
  await end("a", "later");
  expect(begun).toEqual(["a", "a", "a"]);
  await end("a");
  await queue.idle();
});

test("and given up after so many tries", async () => {
  let tries = 0;
  const queue = new WorkQueue<string>({
    work: async () => (++tries ? "later" : "done"),
    spacingMs: 0,
    atOnce: 1,
    firstWaitMs: 2,
    tries: 3,
  });
  queue.add("a");
  await queue.idle();
  expect(tries).toBe(3);
});

test("stopped, it waits for what is under way and begins nothing more", async () => {
  const { queue, begun, end } = controlled({ atOnce: 1 });
  queue.add("a");
  queue.add("b");
  const stopped = queue.stop();
  queue.add("c");
  await end("a", "later");
  await stopped;
  expect(begun).toEqual(["a"]);
});

test("an error is told", async () => {
  const queue = new WorkQueue<string>({
    work: async () => {
      throw new TypeError("a bug");
    },
    spacingMs: 0,
    atOnce: 1,
  });
  queue.add("a");
  await expect(queue.failure).rejects.toThrow("a bug");
});

test("has caught up when each was worked on once, wanted again or not", async () => {
  const { queue, end } = controlled({ atOnce: 8 });
  await queue.caughtUp();
  queue.add("a");
  queue.add("b");
  let isOver = false;
  const over = queue.caughtUp().then(() => {
    isOver = true;
  });
  queue.add("a");
  await end("a");
  queue.add("c");
  await end("b", "later");
  expect(isOver).toBe(false);
  await sleep(20);
  await end("b");
  await over;
  expect(queue.length).toBe(2);
});

test("what failed is tried at once when somebody says so", async () => {
  const { queue, begun, end } = controlled({ firstWaitMs: 60_000 });
  queue.add("a");
  await end("a", "later");
  expect(begun).toEqual(["a"]);
  queue.retry();
  expect(begun).toEqual(["a", "a"]);
  // and what has not failed is left alone
  queue.retry();
  await end("a");
  expect(begun).toEqual(["a", "a"]);
  await queue.idle();
});
