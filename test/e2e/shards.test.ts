import { expect, onTestFinished } from "vitest";
import { leaseNameOf } from "../../src/argo/loopback-lease.js";
import { shardsOf } from "../../src/argo/shard.js";
import { e2eTest, type Rig } from "./e2e.js";
import { findings, loopback, run, spawnLoopback } from "./run.js";
import { show } from "./shown.js";

const [shard1, shard2] = shardsOf(2).map(leaseNameOf) as [string, string];

/** The number of shards is told by the Leases that are there: for other tests there were never several. */
function leaveNoLease(rig: Rig): void {
  onTestFinished(async () => {
    for (const name of [shard1, shard2])
      await rig.cluster.delete("coordination.k8s.io/v1", "Lease", name, "argocd");
  });
}

async function notesOn(rig: Rig, application: string): Promise<{ id: string; text: string }[]> {
  const { stdout } = await run(rig, `get ${application} -o json`);
  return JSON.parse(stdout).items[0].notes;
}

e2eTest("two shards report their own Applications, and one goes on without the other", async ({ rig }) => {
  leaveNoLease(rig);
  // by their names one is in shard 1, and two in shard 2
  const [one, two] = await Promise.all([show(rig, "shards-one"), show(rig, "shards-two")]);
  const start = (shard: string) => loopback(rig, `--shard=${shard} --redis ${rig.redis.address}`);
  const killed = spawnLoopback(rig, "--shard=1/2");
  await one.untilServed();
  expect((await two.state())?.sync ?? "").toBe("");
  start("2/2");
  await two.untilServed();

  killed.child.kill("SIGKILL");
  await killed.ended;
  await two.follows();
  await one.scale(0);
  expect(await one.pods()).toBe(1);

  const third = start("1/3");
  await expect
    .poll(third.said)
    .toMatch(/reports into argocd: \S+ \(shard 2 of 2\)\S*; waiting for it to end/);
  await third.stop();

  const silent = /flamingo loopback --shard=1\/2 \(\S+\) was not heard of since \S+Z/;
  const found = () => findings(rig, "loopback-not-running", shard1);
  await expect
    .poll(found, { timeout: 90_000 })
    .toEqual([expect.objectContaining({ why: expect.stringMatching(silent) })]);
  expect(await findings(rig, "loopback-not-running", shard2)).toEqual([]);
  expect(await notesOn(rig, one.name)).toContainEqual({
    id: "engine-stopped",
    text: expect.stringMatching(silent),
  });
  expect(await notesOn(rig, two.name)).toEqual([]);

  start("1/2");
  await expect.poll(one.pods).toBe(0);
  await one.follows();
  await two.follows();
  expect(await found()).toEqual([]);
});
