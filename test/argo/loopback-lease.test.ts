import { expect, test } from "vitest";
import {
  leaseNameOf,
  shardCountIn,
  shardNamed,
  silenceOf,
  silentShards,
} from "../../src/argo/loopback-lease.js";
import { onlyShard } from "../../src/argo/shard.js";
import type { Lease } from "../../src/kube/kinds.js";

const now = new Date("2026-01-02T03:04:05Z");
const lease = (holderIdentity: string, renewTime: string, name = "flamingo-loopback") =>
  ({ metadata: { name }, spec: { holderIdentity, renewTime } }) as Lease;
const running = "2026-01-02T03:03:50.000000Z";

test.each([
  ["there is none", [], "nobody runs flamingo loopback"],
  [
    "it was given back",
    [lease("", "2026-01-01T00:00:00.000000Z")],
    "nobody runs flamingo loopback since 2026-01-01T00:00:00Z",
  ],
  [
    "its holder crashed",
    [lease("host_1", "2026-01-02T03:03:00.000000Z")],
    "flamingo loopback (host_1) was not heard of since 2026-01-02T03:03:00Z",
  ],
  ["nobody can read when", [lease("host_1", "lately")], "flamingo loopback (host_1) was not heard of"],
  ["somebody runs", [lease("host_1", running)], undefined],
])("silenceOf() Leases when %s", (_, leases, silence) =>
  expect(silenceOf(leases, onlyShard, now)).toBe(silence),
);

test.each([
  ["somebody runs it", [lease("host_2", running, "flamingo-loopback-2-of-3")], undefined],
  [
    "somebody runs another",
    [lease("host_1", running, "flamingo-loopback-1-of-3")],
    "nobody runs flamingo loopback --shard=2/3",
  ],
  [
    "its holder crashed",
    [lease("host_2", "2026-01-02T03:03:00.000000Z", "flamingo-loopback-2-of-3")],
    "flamingo loopback --shard=2/3 (host_2) was not heard of since 2026-01-02T03:03:00Z",
  ],
])("silenceOf() the shard 2/3 when %s", (_, leases, silence) =>
  expect(silenceOf(leases, { index: 2, count: 3 }, now)).toBe(silence),
);

test.each([
  ["nobody runs", [], [onlyShard]],
  ["it runs", [lease("host_1", running)], []],
  ["one of two runs", [lease("host_1", running, "flamingo-loopback-1-of-2")], [{ index: 2, count: 2 }]],
])("silentShards() when %s", (_, leases, silent) => expect(silentShards(leases, now)).toEqual(silent));

test.each([
  ["no Lease", [], 1],
  ["one Lease for all", [lease("host_1", running)], 1],
  [
    "one that was given back a moment ago, beside those who took over",
    [lease("", "2026-01-02T03:04:04.000000Z"), lease("host_2", running, "flamingo-loopback-2-of-3")],
    3,
  ],
  [
    "nobody any more",
    [
      lease("host_1", "2026-01-01T00:00:00.000000Z"),
      lease("", "2026-01-02T00:00:00.000000Z", "flamingo-loopback-1-of-2"),
    ],
    2,
  ],
  ["a name that nobody gives", [lease("host_1", running, "flamingo-loopback-3-of-2")], 1],
])("shardCountIn() %s", (_, leases, count) => expect(shardCountIn(leases, now)).toBe(count));

test("a Lease tells its shard", () => {
  expect(leaseNameOf({ index: 2, count: 3 })).toBe("flamingo-loopback-2-of-3");
  expect(shardNamed("flamingo-loopback-2-of-3")).toEqual({ index: 2, count: 3 });
  expect(shardNamed("flamingo-loopback")).toEqual(onlyShard);
  expect(shardNamed("argocd-applicationset")).toBeUndefined();
});
