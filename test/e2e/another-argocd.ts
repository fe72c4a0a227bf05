import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { spawnProgram } from "../spawn.js";
import { Argocd } from "./argocd.js";
import type { RigConnection } from "./connection.js";
import type { Rig } from "./e2e.js";
import { freePort } from "./ports.js";
import { isHealthy } from "./program.js";
import { argocdVersions } from "./programs.js";
import { rigOfWorker } from "./rig-of-worker.js";

/** How it is started otherwise than those of the rig. */
export interface Differences {
  /** by their names without dashes */
  flags?: Record<string, string>;
  env?: Record<string, string>;
}

/** One more argocd-server of the newest release, over the same Applications. It ends with the test. */
export async function anotherArgocd(rig: Rig, differences: Differences): Promise<Argocd> {
  const { cli } = ((await rigOfWorker()) as RigConnection).argocd[argocdVersions[0]];
  const [port, metricsPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), "flamingo-another-argocd-"));
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
    ...differences.flags,
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
    ...differences.env,
  });
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(() => isHealthy(`${url}/healthz`), { message: text() }).toBe(true);
  return new Argocd({ release: rig.argocd().release, url, cli });
}
