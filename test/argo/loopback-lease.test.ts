import { expect, test } from "vitest";
import { silenceOf } from "../../src/argo/loopback-lease.js";
import type { Lease } from "../../src/kube/kinds.js";

const now = new Date("2026-01-02T03:04:05Z");
const lease = (holderIdentity: string, renewTime: string) =>
  ({ spec: { holderIdentity, renewTime } }) as Lease;

test.each([
  ["there is none", undefined, "nobody runs flamingo loopback"],
  [
    "it was given back",
    lease("", "2026-01-01T00:00:00.000000Z"),
    "nobody runs flamingo loopback since 2026-01-01T00:00:00Z",
  ],
  [
    "its holder crashed",
    lease("host_1", "2026-01-02T03:03:00.000000Z"),
    "flamingo loopback (host_1) was not heard of since 2026-01-02T03:03:00Z",
  ],
  ["nobody can read when", lease("host_1", "lately"), "flamingo loopback (host_1) was not heard of"],
  ["somebody runs", lease("host_1", "2026-01-02T03:03:50.000000Z"), undefined],
])("silenceOf() a Lease when %s", (_, held, silence) => expect(silenceOf(held, now)).toBe(silence));
