import { expect, test } from "vitest";
import { FairQueue } from "../../../src/loopback/engine/fair-queue.js";

/** @param items the first letter is whose they are */
function handedOut(items: string): string {
  const queue = new FairQueue<string>(4);
  for (const item of items.split(" ")) queue.push(item.slice(0, 1), item);
  const out: string[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) out.push(item);
  return out.join(" ");
}

test.each([
  ["as they came, of one", "a1 a2 a3", "a1 a2 a3"],
  ["in turns, of several", "a1 a2 a3 b1", "a1 b1 a2 a3"],
  ["one too many is the last of who has most", "a1 a2 a3 b1 b2", "a1 b1 a2 b2"],
  ["who comes late has room, too", "a1 a2 a3 a4 a5 a6 b1 c1 d1", "a1 b1 c1 d1"],
  ["of many with one each, somebody has to go", "a1 b1 c1 d1 e1", "b1 c1 d1 e1"],
])("%s", (_, items, out) => expect(handedOut(items)).toBe(out));

test("goes on after it was empty", () => {
  const queue = new FairQueue<number>(1);
  expect(queue.shift()).toBeUndefined();
  queue.push("a", 1);
  expect([queue.shift(), queue.shift()]).toEqual([1, undefined]);
  queue.push("b", 2);
  expect(queue.shift()).toBe(2);
});
