import { onTestFailed, onTestFinished } from "vitest";
import type { Finding } from "../../src/commands/check/finding.js";
import { flamingo, type Run } from "../flamingo.js";
import { type Running, spawnFlamingo } from "../spawn.js";
import type { Rig } from "./e2e.js";

/** `flamingo LINE` in this process against the rig, as its administrator, by the real clock. */
export function run(rig: Rig, line: string): Promise<Run> {
  return flamingo(line, { kubeconfig: rig.cluster.kubeconfig(), ticking: true });
}

/** What `flamingo check` finds of one kind, about Applications of a name. @param id "source-private" */
export async function findings(rig: Rig, id: string, application: string): Promise<Finding[]> {
  const { stdout } = await run(rig, "check -o json");
  const { items } = JSON.parse(stdout) as { items: Finding[] };
  return items.filter((one) => one.id === id && one.object?.name === application);
}

export interface Loopback {
  /** what it has said on stderr so far */
  said(): string;
  /** Ctrl-C, and what it left behind; the same again when it has ended already */
  stop(): Promise<Run>;
}

/**
 * Starts `flamingo loopback`, in this process, straight to redis unless `more` says otherwise. It ends with the test, which a bug
 * of flamingo fails.
 *
 * @param kubeconfig the administrator's when not given
 * @param aheadMs how far its clock is wrong
 */
export function loopback(
  rig: Rig,
  more: string = `--redis ${rig.redis.address}`,
  kubeconfig: string = rig.cluster.kubeconfig(),
  aheadMs = 0,
): Loopback {
  const stop = new AbortController();
  let said = "";
  const running = flamingo(`loopback ${more}`, {
    kubeconfig,
    signal: stop.signal,
    ticking: true,
    aheadMs,
    onStderr: (text) => {
      said += text;
    },
  });
  const end = () => {
    stop.abort();
    return running;
  };
  onTestFailed(() => void process.stderr.write(`flamingo loopback said:\n${said}\n`));
  onTestFinished(async () => {
    const { stderr } = await end();
    if (stderr.includes("bug of flamingo")) throw new Error(stderr);
  });
  return { said: () => said, stop: end };
}

/** `flamingo loopback`, built, as a process of its own. It gives the Lease back when the test is over. */
export function spawnLoopback(rig: Rig, ...more: string[]): Running {
  const flags = [...more, "--redis", rig.redis.address, "--kubeconfig", rig.cluster.kubeconfig()];
  const running = spawnFlamingo(["loopback", ...flags]);
  onTestFinished(async () => {
    running.child.kill("SIGTERM");
    await running.ended;
  });
  return running;
}

/** An Application as Argo CD's API serves it: the parts that tests look at. */
export interface Served {
  metadata: { annotations?: Record<string, string>; deletionTimestamp?: string };
  operation?: object;
  status?: {
    sync?: { status: string; revision?: string };
    health?: { status: string; message?: string };
    operationState?: { phase: string; message?: string; syncResult?: { revision?: string } };
    conditions?: { type: string; message: string }[];
    resources?: { kind: string; namespace?: string; name: string; status?: string; health?: object }[];
    history?: { id: number; revision?: string }[];
    reconciledAt?: string;
  };
}

/** @returns undefined when Argo CD does not serve it, which for one that is gone is "403" */
export async function served(rig: Rig, name: string): Promise<Served | undefined> {
  const { status, body } = await rig.argocd().request("GET", `/api/v1/applications/${name}`);
  return status === 200 ? (body as Served) : undefined;
}
