import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished } from "vitest";
import { spawnProgram } from "../spawn.js";
import { Argocd } from "./argocd.js";
import { setData } from "./argocd-settings.js";
import type { RigConnection } from "./connection.js";
import type { Rig } from "./e2e.js";
import { freePort } from "./ports.js";
import { isHealthy } from "./program.js";
import { argocdVersions } from "./programs.js";

/**
 * One more argocd-server, which asks what everybody may do (those of the rig let everybody do everything): whoever does not log in
 * has the role `role:test` of this policy. It ends with the test.
 *
 * @param policy lines of `policy.csv`
 */
export async function strictArgocd(rig: Rig, policy: string): Promise<Argocd> {
  const { cli } = (inject("rig") as RigConnection).argocd[argocdVersions[0]];
  await setData(rig, "argocd-cm", { "users.anonymous.enabled": "true" });
  await allow(rig, policy);
  const [port, metricsPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), "flamingo-strict-argocd-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kubeconfig = rig.cluster.kubeconfig();
  const flags = {
    kubeconfig,
    namespace: "argocd",
    redis: rig.redis.address,
    port: String(port),
    address: "127.0.0.1",
    "metrics-port": String(metricsPort),
    "metrics-address": "127.0.0.1",
    insecure: "true",
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const { text } = spawnProgram(cli, args, {
    ARGOCD_BINARY_NAME: "argocd-server",
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_GPG_ENABLED: "false",
    ARGOCD_TLS_DATA_PATH: folder,
    ARGOCD_SSH_DATA_PATH: folder,
    KUBECONFIG: kubeconfig,
    REDIS_PASSWORD: await rig.redis.password(),
  });
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(() => isHealthy(`${url}/healthz`), { message: text() }).toBe(true);
  return new Argocd({ release: rig.argocd().release, url, cli });
}

/** From now on this is what everybody may do; until then it may take a moment. */
export async function allow(rig: Rig, policy: string): Promise<void> {
  await setData(rig, "argocd-rbac-cm", { "policy.default": "role:test", "policy.csv": policy });
}
