import { describe, expect } from "vitest";
import { e2eTest, type Rig } from "./e2e.js";
import { argocdVersions } from "./programs.js";
import { loopback, spawnLoopback } from "./run.js";
import { show } from "./shown.js";

async function leaseOf(rig: Rig) {
  const lease = await rig.cluster.get("coordination.k8s.io/v1", "Lease", "flamingo-loopback", "argocd");
  return lease["spec"] as { holderIdentity: string; renewTime: string };
}

/** Waits until the Lease is another's than this one's, who has begun to report then. */
async function untilTakenFrom(rig: Rig, holder: string): Promise<void> {
  const isTaken = async () => !["", holder].includes((await leaseOf(rig)).holderIdentity);
  await expect.poll(isTaken, { interval: 50 }).toBe(true);
}

const stopped = /Flux's state was reported until \S+Z by flamingo loopback \(\S+\), which has stopped$/;

describe("SIGTERM", () => {
  e2eTest("says in every Application that nobody reports it, and gives the Lease back", async ({ rig }) => {
    const [one, two] = await Promise.all([show(rig, "fault-term-1"), show(rig, "fault-term-2")]);
    const { child, ended } = spawnLoopback(rig);
    await Promise.all([one.untilServed(), two.untilServed()]);
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ exitCode: 143 });
    for (const shown of [one, two])
      expect((await shown.state())?.conditions).toEqual([expect.stringMatching(stopped)]);
    expect(await leaseOf(rig)).toMatchObject({ holderIdentity: "" });

    // the page need not wait for a tree that nobody writes
    await rig.redis.restart();
    for (const version of argocdVersions) {
      const path = `/api/v1/applications/${one.name}/resource-tree`;
      const answer = await rig.argocd(version).request("GET", path, undefined, 5000);
      expect(answer).toMatchObject({ status: 500, body: { message: expect.stringMatching(stopped) } });
    }
    const { said } = loopback(rig);
    await one.follows();
    await two.untilServed();
    expect(said()).not.toContain("held the Lease before");
  });

  e2eTest("with --farewell=unknown says so in lists, too, until the next start", async ({ rig }) => {
    const shown = await show(rig, "fault-term-4");
    const { child, ended } = spawnLoopback(rig, "--farewell=unknown");
    await shown.untilServed();
    child.kill("SIGTERM");
    await ended;
    expect(await shown.state()).toMatchObject({
      sync: "Unknown",
      revision: expect.stringMatching(/^[0-9a-f]{40}$/),
      health: "Healthy",
      conditions: [expect.stringMatching(stopped)],
    });
    loopback(rig);
    await shown.untilServed();
  });

  e2eTest("of one of two flamingos says nothing, and the other one takes over", async ({ rig }) => {
    const shown = await show(rig, "fault-term-3");
    const first = spawnLoopback(rig);
    await shown.untilServed();
    const second = spawnLoopback(rig);
    await second.says("Another flamingo loopback reports into argocd");
    await second.says("ready to take over");
    const { holderIdentity } = await leaseOf(rig);
    const stoppedAt = performance.now();
    first.child.kill("SIGTERM");
    await untilTakenFrom(rig, holderIdentity);
    expect(performance.now() - stoppedAt).toBeLessThan(2000);
    const { exitCode, stderr } = await first.ended;
    expect(exitCode).toBe(143);
    // all there is in this cluster: how long that takes depends on what other tests have left
    await second.says("Reported ");
    expect(stderr).not.toContain("nobody reports them");
    expect((await shown.state())?.conditions).toEqual([]);
    await shown.follows();
    expect(second.text()).not.toContain("held the Lease before");
  });
});

describe("kill -9", () => {
  e2eTest("leaves a Lease, which the next one takes when its time is over", async ({ rig }) => {
    const shown = await show(rig, "fault-kill");
    const first = spawnLoopback(rig);
    await shown.untilServed();
    const next = spawnLoopback(rig);
    await next.says("Another flamingo loopback reports into argocd");
    first.child.kill("SIGKILL");
    const killedAt = performance.now();
    await first.ended;
    const { holderIdentity, renewTime } = await leaseOf(rig);
    await untilTakenFrom(rig, holderIdentity);
    expect(performance.now() - killedAt).toBeGreaterThan(11_000);
    expect(performance.now() - killedAt).toBeLessThan(17_000);
    await next.says(`${holderIdentity} held the Lease before and was last heard of at ${renewTime}`);
    await next.says("Reported ");
    await shown.follows();
  });
});
