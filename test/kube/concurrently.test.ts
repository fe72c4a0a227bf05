import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { concurrently } from "../../src/kube/concurrently.js";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test("yields in the order of the items, and keeps to the limit", async () => {
  let running = 0;
  let most = 0;
  const work = async (item: number) => {
    most = Math.max(most, ++running);
    await pause(item % 3);
    running--;
    return item;
  };
  const results: number[] = [];
  for await (const result of concurrently(numbers(40), 4, work)) results.push(result);
  expect(results).toEqual(numbers(40));
  expect(most).toBe(4);
});

test("goes on while a slow item is waited for, but not far ahead", async () => {
  let finishFirst = () => {};
  const first = new Promise<void>((resolve) => {
    finishFirst = resolve;
  });
  const begun: number[] = [];
  const results = concurrently(numbers(100), 4, async (item) => {
    begun.push(item);
    if (item === 0) await first;
    return item;
  });
  const yielded = results.next();
  await pause(10);
  expect(begun.length).toBeGreaterThan(10);
  expect(begun.length).toBeLessThan(20);
  finishFirst();
  expect(await yielded).toEqual({ done: false, value: 0 });
  await results.return(undefined);
});

test("begins nothing more after an error", async () => {
  const begun: number[] = [];
  const results = concurrently(numbers(100), 2, async (item) => {
    begun.push(item);
    await pause(1);
    if (item === 3) throw new Error("three");
    return item;
  });
  const readAll = async () => {
    for await (const result of results) expect(result).toBeLessThan(3);
  };
  await expect(readAll()).rejects.toThrow("three");
  const { length } = begun;
  await pause(20);
  expect(begun).toHaveLength(length);
});
