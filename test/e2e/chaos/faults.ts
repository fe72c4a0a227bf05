import { setTimeout as sleep } from "node:timers/promises";
import type { Rig } from "../e2e.js";
import type { Engines } from "./engines.js";
import type { Random } from "./random.js";

/** What a fault keeps from being told for a while. */
export interface Absence {
  from: number;
  /** undefined: until somebody has the Lease again */
  to: number | undefined;
}

/** Makes something fail, and resolves when that is over. */
export type Fault = (at: { rig: Rig; engines: Engines; random: Random }) => Promise<Absence | undefined>;

/** Longer than a Lease lasts. */
const longMs = 20_000;
/** Who has lost the Lease reads everything anew, before it can take over again. */
const readsMs = 8000;

export const faults: Readonly<Record<string, Fault>> = {
  "redis is restarted empty": ({ rig }) => rig.redis.restart().then(() => undefined),

  "redis gets another password": ({ rig }) => rig.redis.changePassword().then(() => undefined),

  "the API server is restarted": async ({ rig }) => {
    const from = Date.now();
    await rig.program("kube-apiserver").restart();
    return { from, to: Date.now() };
  },

  "the leader is told to end": async ({ engines, random }) => {
    const { leader } = await engines.both();
    const from = Date.now();
    await engines.restart(leader, "SIGTERM", random.between(0, 5000));
    return { from, to: undefined };
  },

  "the leader is killed": async ({ engines, random }) => {
    const { leader } = await engines.both();
    const from = Date.now();
    await engines.restart(leader, "SIGKILL", random.between(0, longMs));
    return { from, to: undefined };
  },

  "who waits is killed": async ({ engines, random }) => {
    const { standby } = await engines.both();
    await engines.restart(standby, "SIGKILL", random.between(0, 5000));
    return undefined;
  },

  "the leader stands still": async ({ engines }) => {
    const { leader } = await engines.both();
    const from = Date.now();
    leader.running.child.kill("SIGSTOP");
    await sleep(longMs);
    leader.running.child.kill("SIGCONT");
    await sleep(readsMs);
    return { from, to: undefined };
  },

  "the leader is cut off from the API server": async ({ engines }) => {
    const { leader } = await engines.both();
    const from = Date.now();
    leader.proxy.decide(() => "hang");
    leader.proxy.cut();
    await sleep(longMs);
    leader.proxy.decide(() => "pass");
    leader.proxy.cut();
    await sleep(readsMs);
    return { from, to: undefined };
  },

  "the leader's connections are cut": async ({ engines }) => {
    const { leader } = await engines.both();
    leader.proxy.cut();
    return undefined;
  },
};
