import { describe, expect } from "vitest";
import { e2eTest, type Rig } from "./e2e.js";
import { loopback, served } from "./run.js";
import { show } from "./shown.js";

/** Writes somebody into the Lease, who is not heard of again. */
async function giveLease(rig: Rig, holderIdentity: string): Promise<void> {
  const lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "flamingo-loopback", namespace: "argocd" },
  };
  const renewTime = "2026-01-02T03:04:05.000000Z";
  await rig.cluster.change(lease, { spec: { holderIdentity, leaseDurationSeconds: 30, renewTime } });
}

const waits = "Another flamingo loopback reports into argocd";

describe("the Lease", () => {
  e2eTest("is lost, and won again", async ({ rig }) => {
    const shown = await show(rig, "fault-lease");
    const { said } = loopback(rig);
    await shown.untilServed();
    await giveLease(rig, "somebody");
    await expect.poll(said).toContain("The Lease is lost to somebody");
    await expect.poll(said).toContain(`${waits}: somebody`);
    await shown.scale(0);
    expect(await shown.pods()).toBe(1);
    await giveLease(rig, "");
    await expect.poll(shown.pods).toBe(0);
    await shown.follows();
  });

  e2eTest("goes from a clock that is fast to one that is slow", async ({ rig }) => {
    const hourMs = 3_600_000;
    const shown = await show(rig, "fault-clock");
    const sync = () => rig.argocd().cli("app", "sync", shown.name, "--timeout", "60");
    const lastOperation = async () => (await served(rig, shown.name))?.status?.operationState;
    const suspend = (is: boolean) => rig.cluster.change(shown.kustomization, { spec: { suspend: is } });
    const refused = { phase: "Failed", message: expect.stringContaining("is suspended") };

    const first = loopback(rig, undefined, undefined, hourMs);
    await shown.untilServed();
    expect(await sync()).toMatchObject({ exitCode: 0 });
    await suspend(true);
    await expect.poll(async () => (await shown.state())?.health).toBe("Suspended");
    expect(await sync()).toMatchObject({ exitCode: 1 });
    expect(await lastOperation()).toMatchObject(refused);
    await suspend(false);
    await shown.follows();
    // what Flux has done since then is not an hour older
    await expect.poll(lastOperation).toMatchObject({ phase: "Succeeded" });

    const second = loopback(rig, undefined, undefined, -hourMs);
    await expect.poll(second.said).toContain(waits);
    expect((await first.stop()).stderr).not.toContain("nobody reports them");
    await shown.follows();
    expect(second.said()).not.toContain("held the Lease before");
    await suspend(true);
    await expect.poll(async () => (await shown.state())?.health).toBe("Suspended");
    expect(await sync()).toMatchObject({ exitCode: 1 });
    // and what Flux had done before is not an hour newer
    expect(await lastOperation()).toMatchObject(refused);
  });
});
