import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished } from "vitest";
import { leaseLabels, reportedOf } from "../../../src/argo/loopback-lease.js";
import { onlyShard } from "../../../src/argo/shard.js";
import type { UserError } from "../../../src/errors.js";
import { Lease } from "../../../src/kube/kinds.js";
import { LeaseHolder } from "../../../src/loopback/engine/lease-holder.js";
import { clusterTest, type TestCluster } from "../../cluster/cluster.js";
import { kubeFor, proxyFor } from "../../kube/kube-for.js";
import { soon } from "../../kube/watch/listen.js";

/** One who wants the Lease of a namespace, over a network that can fail. @param aheadMs how far its clock is wrong */
async function someone(
  cluster: TestCluster,
  namespace: string,
  identity: string,
  { aheadMs = 0, waits = true, shard = onlyShard } = {},
) {
  const proxy = await proxyFor(cluster);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const waiting: string[] = [];
  const troubles: UserError[] = [];
  const holder = new LeaseHolder({
    kube: kubeFor(cluster, { server: proxy.server }),
    namespace,
    shard,
    identity,
    now: () => new Date(Date.now() + aheadMs),
    signal: stop.signal,
    waits,
    onWaiting: (other) => void waiting.push(other),
    onTrouble: (error) => void troubles.push(error),
  });
  return { proxy, stop, waiting, troubles, holder };
}

const leaseOf = (cluster: TestCluster, namespace: string, name = "flamingo-loopback") =>
  cluster.get<Lease>("coordination.k8s.io/v1", Lease.kind, name, namespace);

const holderOf = async (cluster: TestCluster, namespace: string, name?: string) =>
  (await leaseOf(cluster, namespace, name)).spec?.holderIdentity;

clusterTest("who waits is known by those whose clock is another", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("lease-clock");
  const first = await someone(cluster, namespace, "first");
  const second = await someone(cluster, namespace, "second", { aheadMs: -3_600_000 });
  await first.holder.acquire();
  second.holder.acquire().catch(() => {});
  await soon(() => second.waiting).toEqual(["first"]);
  for (const { holder } of [first, second])
    expect(Math.abs(holder.now().getTime() - Date.now())).toBeLessThan(3000);
  // what a waiting one writes meanwhile is no reason to keep it
  let refused = 0;
  first.proxy.decide(({ method }) =>
    method === "PUT" && refused++ === 0 ? { status: 409, body: { reason: "Conflict" } } : "pass",
  );
  expect(await first.holder.release()).toEqual({ awaited: true });
  expect(refused).toBe(2);
  expect(await holderOf(cluster, namespace)).toBe("");
});

clusterTest(
  "who does not want to wait sees that it is kept, whatever its clock says",
  async ({ cluster }) => {
    const namespace = await cluster.createNamespace("lease-kept");
    const first = await someone(cluster, namespace, "first");
    const second = await someone(cluster, namespace, "second", { aheadMs: 3_600_000, waits: false });
    await first.holder.acquire();
    const tries = second.holder.acquire();
    tries.catch(() => {});
    await soon(() => second.waiting).toEqual(["first"]);
    await first.holder.acquire();
    await expect(tries).rejects.toThrow("another flamingo loopback does (first)");
    expect(await first.holder.release()).toEqual({ awaited: false });
  },
);

clusterTest("who does not wait any longer takes the word back", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("lease-word");
  const first = await someone(cluster, namespace, "first");
  const second = await someone(cluster, namespace, "second");
  await first.holder.acquire();
  const waits = second.holder.acquire();
  await soon(() => second.waiting).toEqual(["first"]);
  second.stop.abort();
  await expect(waits).rejects.toThrow("aborted");
  expect(await first.holder.release()).toEqual({ awaited: false });
});

clusterTest("who waits takes over within a second, and speaks of it each time", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("lease-over");
  const first = await someone(cluster, namespace, "first");
  const second = await someone(cluster, namespace, "second");
  await first.holder.acquire();
  const wins = second.holder.acquire();
  await soon(() => second.waiting).toEqual(["first"]);
  await first.holder.release();
  const released = performance.now();
  await wins;
  expect(performance.now() - released).toBeLessThan(1500);
  const lost = first.holder.acquire();
  lost.catch(() => {});
  await soon(() => first.waiting).toEqual(["second"]);
  expect(await second.holder.release()).toEqual({ awaited: true });
  await lost;
});

clusterTest(
  "who cannot renew it takes it for lost before others do",
  async ({ cluster }) => {
    const namespace = await cluster.createNamespace("lease-hangs");
    const { proxy, holder, stop } = await someone(cluster, namespace, "first");
    await holder.acquire();
    const began = performance.now();
    const lost = holder.keep(stop.signal);
    holder.assertHeld();
    proxy.decide(() => "hang");
    expect(await lost).toBeUndefined();
    const tookMs = performance.now() - began;
    expect(tookMs).toBeGreaterThan(9900);
    expect(tookMs).toBeLessThan(12_000);
    // who stood still finds out before anything else is done
    expect(() => holder.assertHeld()).toThrow(
      "Cannot write anything more: the Lease flamingo-loopback was not renewed for 10 seconds",
    );
  },
  20_000,
);

clusterTest("an API server that fails ends the first try, and no later one", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("lease-trouble");
  const { proxy, holder, troubles } = await someone(cluster, namespace, "first");
  proxy.decide(() => ({ status: 403, body: { message: "no" } }));
  await expect(holder.acquire()).rejects.toThrow("Cannot read Lease flamingo-loopback in lease-trouble");
  proxy.decide(() => "pass");
  await holder.acquire();
  proxy.decide(() => ({ status: 403, body: { message: "no" } }));
  const again = holder.acquire();
  await soon(() => troubles.length).toBe(1);
  proxy.decide(() => "pass");
  await again;
  expect(troubles).toHaveLength(1);
});

clusterTest("the first report is told at once, or with the next renewal", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("lease-reported");
  const { proxy, holder } = await someone(cluster, namespace, "first");
  const toldIn = async () => reportedOf(await leaseOf(cluster, namespace));
  await holder.acquire();
  expect(await toldIn()).toBeUndefined();
  proxy.decide(({ method }) => (method === "PUT" ? { status: 503, body: { message: "no" } } : "pass"));
  await holder.reported("1.2.3");
  expect(await toldIn()).toBeUndefined();
  proxy.decide(() => "pass");
  await holder.reported("1.2.3");
  expect(await toldIn()).toMatchObject({ version: "1.2.3", by: "first" });
  await holder.release();
  expect(await toldIn()).toBeUndefined();
});

clusterTest("for how long nobody has looked at it", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("lease-silent");
  const { holder } = await someone(cluster, namespace, "first");
  await sleep(1500);
  const before = holder.silentMs;
  expect(before).toBeGreaterThan(1400);
  await holder.acquire();
  expect(holder.silentMs).toBeLessThan(before);
});

describe("of several shards", () => {
  const half = (index: number) => ({ shard: { index, count: 2 } });
  const third = (index: number) => ({ shard: { index, count: 3 } });

  clusterTest("each has a Lease of its own", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("lease-halves");
    const first = await someone(cluster, namespace, "first", half(1));
    const second = await someone(cluster, namespace, "second", half(2));
    const again = await someone(cluster, namespace, "again", half(2));
    await first.holder.acquire();
    await second.holder.acquire();
    again.holder.acquire().catch(() => {});
    await soon(() => again.waiting).toEqual(["second (shard 2 of 2)"]);
    expect(await holderOf(cluster, namespace, "flamingo-loopback-1-of-2")).toBe("first");
    expect(await holderOf(cluster, namespace, "flamingo-loopback-2-of-2")).toBe("second");
    expect(() => again.holder.assertHeld()).toThrow(
      "Cannot write anything more: the Lease flamingo-loopback-2-of-2 was not renewed for 10 seconds",
    );
    expect(await first.holder.release()).toEqual({ awaited: false });
    expect(await second.holder.release()).toEqual({ awaited: true });
  });

  clusterTest("another number of them waits until the last one of these has ended", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("lease-thirds");
    const first = await someone(cluster, namespace, "first", half(1));
    const second = await someone(cluster, namespace, "second", half(2));
    const other = await someone(cluster, namespace, "other", third(1));
    const whole = await someone(cluster, namespace, "whole");
    const hasty = await someone(cluster, namespace, "hasty", { ...third(1), waits: false });
    await first.holder.acquire();
    await second.holder.acquire();
    let isOver = false;
    const wins = other.holder.acquire().then(() => {
      isOver = true;
    });
    await soon(() => other.waiting).toEqual(["first (shard 1 of 2)"]);
    await expect(hasty.holder.acquire()).rejects.toThrow(
      "another flamingo loopback does (first (shard 1 of 2))",
    );
    await first.holder.release();
    await soon(() => other.waiting).toEqual(["first (shard 1 of 2)", "second (shard 2 of 2)"]);
    expect(isOver).toBe(false);
    await second.holder.release();
    await wins;
    whole.holder.acquire().catch(() => {});
    await soon(() => whole.waiting).toEqual(["other (shard 1 of 3)"]);
  });

  clusterTest("of two numbers of them that begin at the same moment one waits", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("lease-race");
    const one = await someone(cluster, namespace, "one");
    const other = await someone(cluster, namespace, "other", half(1));
    // neither sees the other before it has written
    let lists = 0;
    for (const { proxy } of [one, other])
      proxy.decide(({ query }) =>
        query.has("labelSelector") && lists++ < 2
          ? { status: 200, body: { kind: "LeaseList", metadata: {}, items: [] } }
          : "pass",
      );
    const won: string[] = [];
    for (const [name, { holder }] of Object.entries({ one, other }))
      holder.acquire().then(
        () => won.push(name),
        () => {},
      );
    await soon(() => won.length).toBe(1);
    const [loser, winner] = won[0] === "one" ? [other, one] : [one, other];
    await soon(() => loser.waiting.length).toBe(1);
    expect(winner.waiting.length).toBeLessThan(2);
    await sleep(1500);
    expect(won).toHaveLength(1);
    await winner.holder.release();
    await soon(() => won.length).toBe(2);
  });

  clusterTest(
    "one of another number that has died is waited for, for as long as its Lease lasts",
    async ({ cluster }) => {
      const namespace = await cluster.createNamespace("lease-dead");
      const first = await someone(cluster, namespace, "first", half(1));
      const whole = await someone(cluster, namespace, "whole");
      await first.holder.acquire();
      const began = performance.now();
      await whole.holder.acquire();
      expect(performance.now() - began).toBeGreaterThan(14_000);
      expect(whole.waiting).toEqual(["first (shard 1 of 2)"]);
    },
    25_000,
  );

  clusterTest(
    "who stood still, and whose clock did, too, sees who has begun meanwhile",
    async ({ cluster }) => {
      const namespace = await cluster.createNamespace("lease-stood-still");
      const { proxy, holder, stop } = await someone(cluster, namespace, "first", half(1));
      await holder.acquire();
      const ours = await leaseOf(cluster, namespace, "flamingo-loopback-1-of-2");
      await cluster.apply({
        ...ours,
        metadata: { name: "flamingo-loopback-1-of-3", namespace, labels: leaseLabels },
        spec: { ...ours.spec, holderIdentity: "other" },
      });
      proxy.forget();
      await holder.reported("1.2.3");
      expect(proxy.requests.filter(({ query }) => query.has("labelSelector"))).toEqual([]);

      const renewed = await leaseOf(cluster, namespace, "flamingo-loopback-1-of-2");
      for (const fields of renewed.metadata.managedFields ?? []) fields.time = "2026-01-01T00:00:00Z";
      proxy.decide(({ method, path }) =>
        method === "GET" && path.endsWith("/flamingo-loopback-1-of-2")
          ? { status: 200, body: renewed }
          : "pass",
      );
      expect(await holder.keep(stop.signal)).toBe("other (shard 1 of 3)");
    },
  );
});
