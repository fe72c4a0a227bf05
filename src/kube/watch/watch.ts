import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ExitCode, UserError } from "../../errors.js";
import type { WatchEvent, WatchOptions } from "../kube.js";
import type { Kind, KubeObject } from "../object.js";
import { followFrom } from "./follow.js";
import { listAll } from "./list-all.js";
import { pauseAfter, Setbacks, statusOf } from "./setback.js";
import type { Place, Watched, WatchedCluster } from "./watched.js";

/**
 * Lists, then follows what happens from there, and begins again where that breaks off; for what it tells see `Kube.watch()`.
 *
 * After a failure it goes on from the last resourceVersion. It lists again when the API server no longer remembers what
 * came after that (410), and when the kind is not served (404), since it may come back in another version.
 */
export async function* watchObjects<T extends KubeObject>(
  cluster: WatchedCluster,
  kind: Kind<T>,
  wanted: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { signal, release } = eitherOf(cluster.signal, wanted.signal);
  const watched: Watched<T> = {
    cluster,
    kind,
    wanted,
    signal,
    beganAt: performance.now(),
    known: new Set(),
  };
  let place: Place | undefined;
  const setbacks = new Setbacks();
  /** what "unavailable" was told for, until "available" is told */
  let trouble: string | undefined;
  /** it was that connections open and break off: one more that opens proves nothing */
  let isShaky = false;

  try {
    while (!signal.aborted) {
      let verb: "list" | "watch" = "list";
      let openedAt: number | undefined;
      try {
        place ??= yield* listAll(watched);
        verb = "watch";
        for await (const news of followFrom(place, watched)) {
          openedAt ??= performance.now();
          if (news !== "opened") setbacks.forget();
          if (trouble !== undefined && (news !== "opened" || !isShaky)) {
            trouble = undefined;
            yield { type: "available" };
          }
          if (typeof news !== "string") yield news;
        }
      } catch (failure) {
        if (signal.aborted) return;
        const status = statusOf(failure);
        const hadBegun = openedAt !== undefined || status === 410;
        const isTrouble = setbacks.add(hadBegun, openedAt === undefined ? 0 : performance.now() - openedAt);
        if (status === 404 || status === 410 || (hadBegun && isTrouble)) place = undefined;
        if (isTrouble) {
          isShaky = hadBegun;
          const error = cluster.explain(verb, failure);
          // a bug of ours, or a selector that nobody understands: to ask again cannot help
          if (!(error instanceof UserError) || error.exitCode === ExitCode.usage) throw error;
          if (error.message !== trouble) yield { type: "unavailable", error };
          trouble = error.message;
        }
        const pauseMs = pauseAfter(failure, {
          setbacks: setbacks.inARow,
          firstWaitMs: cluster.firstWaitMs,
        });
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
        if (status === 404) cluster.forget(pauseMs);
      }
    }
  } finally {
    release();
  }
}

/** A signal that is aborted with either of them, for as long as it is not released. */
function eitherOf(
  one: AbortSignal,
  other: AbortSignal | undefined,
): { signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  const sources = other === undefined ? [one] : [one, other];
  for (const source of sources) {
    // many watches listen to it; beyond ten Node would warn of a leak on stderr
    setMaxListeners(0, source);
    source.addEventListener("abort", onAbort, { once: true });
    if (source.aborted) stop.abort();
  }
  return {
    signal: stop.signal,
    release() {
      for (const source of sources) source.removeEventListener("abort", onAbort);
      stop.abort();
    },
  };
}
