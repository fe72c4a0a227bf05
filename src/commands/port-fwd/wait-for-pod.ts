import { isForbidden } from "../../kube/failure.js";
import { Pod } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { NoPodError } from "../../kube/port-forward/forward.js";
import type { Deps } from "../deps.js";

/** As long as `kubectl port-forward` waits by itself. */
const patienceMs = 60_000;

/**
 * Resolves when a check does not miss a pod any more: one that is about to run is waited for.
 *
 * @throws NoPodError when none comes in time; what else the check throws; the reason of the signal
 */
export async function waitForPod(
  check: () => Promise<void>,
  kube: Pick<Kube, "watch">,
  namespace: string,
  { say, signal }: Pick<Deps, "say" | "signal">,
): Promise<void> {
  let missing = await missedBy(check);
  if (!missing) return;
  say.wait(`Waiting up to a minute for a pod, since flamingo ${missing.clause}`);
  const end = new AbortController();
  const stop = () => end.abort();
  const timer = setTimeout(stop, patienceMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { labels } = missing;
    for await (const event of kube.watch(Pod, { namespace, labels, signal: end.signal })) {
      // who may not watch is told what is missing now
      if (event.type === "unavailable" && isForbidden(event.error)) break;
      missing = await missedBy(check);
      if (!missing) return;
    }
  } finally {
    stop();
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
  signal.throwIfAborted();
  throw missing;
}

async function missedBy(check: () => Promise<void>): Promise<NoPodError | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (!(error instanceof NoPodError)) throw error;
    return error;
  }
}
