import { expect, test } from "vitest";
import { isInShard, onlyShard, parseShard, renderShard, shardOf, shardsOf } from "../../src/argo/shard.js";

test.each([
  ["1/1", { index: 1, count: 1 }],
  ["2/3", { index: 2, count: 3 }],
  ["10/12", { index: 10, count: 12 }],
])("parseShard() reads %s", (text, shard) => {
  expect(parseShard(text)).toEqual(shard);
  expect(renderShard(shard)).toBe(text);
});

test.each(["", "1", "0/2", "3/2", "1/0", "01/2", "-1/2", "1/2/3", "1 / 2", "a/b", "1/10000"])(
  'parseShard() knows no shard "%s"',
  (text) => expect(parseShard(text)).toBeUndefined(),
);

// printf argocd/web | sha256sum: 9966a689b8d9…, which is 168666159757529
test.each([
  ["argocd/web", 1, 1],
  ["argocd/web", 2, 2],
  ["argocd/web", 3, 3],
  ["team-a/web", 2, 1],
  ["argocd/db", 3, 3],
])("%s of %i shards is in the one numbered %i", (application, count, index) => {
  expect(shardOf(application, count)).toEqual({ index, count });
});

test("each Application is in exactly one shard, and none of them has many more than another", () => {
  const applications = Array.from({ length: 10_000 }, (_, index) => `argocd/shop-${index}`);
  for (const count of [1, 2, 7]) {
    const sizes = shardsOf(count).map((shard) => applications.filter((one) => isInShard(one, shard)).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(applications.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(applications.length / count / 10);
  }
  expect(applications.every((one) => isInShard(one, onlyShard))).toBe(true);
});
