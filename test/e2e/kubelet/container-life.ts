import { setTimeout as sleep } from "node:timers/promises";
import type { RunningContainer } from "./container.js";
import type { Probe } from "./pod.js";
import type { ContainerState } from "./pod-status.js";

export interface Surroundings {
  start(): Promise<RunningContainer>;
  passes(probe: Probe, running: RunningContainer): Promise<boolean>;
  /** told of each change of the state */
  changed(): void;
  /** how long its program has for a farewell when it does not live any more */
  graceMs: number;
  /** the end of the pod */
  signal: AbortSignal;
}

/** How soon is tried again what did not work, at first; the kubelet takes longer. */
const retryMs = 500;

/** Runs an init container until it has ended well. */
export async function runOnce(one: ContainerState, around: Surroundings): Promise<void> {
  const { signal } = around;
  for (let waitMs = retryMs; ; waitMs = Math.min(2 * waitMs, 8_000)) {
    const terminated = await liveOnce(one, around, async () => {});
    if (terminated?.exitCode === 0) {
      Object.assign(one, { ready: true, state: { terminated } });
      return around.changed();
    }
    if (terminated) backOff(one, terminated, around);
    await sleep(waitMs, undefined, { signal });
  }
}

/** Runs a container and, whenever it ends, runs it again; its probes say whether it is ready, and whether it lives. */
export async function keepRunning(one: ContainerState, around: Surroundings): Promise<void> {
  const { signal } = around;
  const { readinessProbe, livenessProbe } = one.container;
  for (let waitMs = retryMs; ; waitMs = Math.min(2 * waitMs, 8_000)) {
    const terminated = await liveOnce(one, around, async (running, ended) => {
      one.ready = readinessProbe === undefined;
      around.changed();
      await Promise.all([
        readinessProbe && followReadiness(one, readinessProbe, running, around, ended),
        livenessProbe && followLiveness(livenessProbe, running, around, ended),
      ]);
    });
    if (terminated) backOff(one, terminated, around);
    await sleep(waitMs, undefined, { signal });
  }
}

interface Terminated {
  exitCode: number;
  reason: string;
  startedAt: string;
  finishedAt: string;
}

/** One start to one end. Undefined when it could not be made. */
async function liveOnce(
  one: ContainerState,
  { start, changed }: Surroundings,
  follow: (running: RunningContainer, ended: AbortSignal) => Promise<void>,
): Promise<Terminated | undefined> {
  let running: RunningContainer;
  try {
    running = await start();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    one.state = { waiting: { reason: "CreateContainerConfigError", message } };
    changed();
    return undefined;
  }
  const startedAt = new Date().toISOString();
  if ("terminated" in one.lastState) one.restartCount++;
  one.state = { running: { startedAt } };
  changed();
  const end = new AbortController();
  const following = follow(running, end.signal);
  const exitCode = await running.ended;
  end.abort();
  await following.catch(() => {});
  one.ready = false;
  const reason = exitCode === 0 ? "Completed" : "Error";
  return { exitCode, reason, startedAt, finishedAt: new Date().toISOString() };
}

/** The first time it is started again at once. */
function backOff(one: ContainerState, terminated: Terminated, { changed }: Surroundings): void {
  const message = `back-off restarting failed container ${one.container.name}`;
  one.state = one.restartCount === 0 ? { terminated } : { waiting: { reason: "CrashLoopBackOff", message } };
  one.lastState = { terminated };
  changed();
}

/** Asked soon and often until it is ready, so that no test has to wait for its period, and then as the Pod says. */
async function followReadiness(
  one: ContainerState,
  probe: Probe,
  running: RunningContainer,
  { passes, changed }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { periodSeconds = 10, failureThreshold = 3 } = probe;
  for (let misses = 0; ; ) {
    const passed = await passes(probe, running);
    misses = passed ? 0 : misses + 1;
    const ready = passed || (one.ready && misses < failureThreshold);
    if (ready !== one.ready && !signal.aborted) {
      one.ready = ready;
      changed();
    }
    await sleep(one.ready ? periodSeconds * 1000 : retryMs, undefined, { signal });
  }
}

async function followLiveness(
  probe: Probe,
  running: RunningContainer,
  { passes, graceMs }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe;
  await sleep(initialDelaySeconds * 1000, undefined, { signal });
  for (let misses = 0; misses < failureThreshold; ) {
    misses = (await passes(probe, running)) ? 0 : misses + 1;
    await sleep(periodSeconds * 1000, undefined, { signal });
  }
  await running.stop(graceMs);
}
