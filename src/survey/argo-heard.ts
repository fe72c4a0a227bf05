import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.js";
import { DeadlineError } from "../kube/failure.js";

/** An answer, or why there is none, as the end of another sentence: "cannot list ArgoCDs: … (403)". */
export type Heard<T> = { value: T } | { unknown: string; error: unknown };

/**
 * What a question about the cluster brings, where not knowing it is no failure: the rest is told all the same. Our bugs,
 * an interruption and the end of `--timeout` are thrown on.
 *
 * @param patienceMs no longer than this
 * @param doing names the question when nobody answered it in time
 */
export async function heard<T>(
  question: Promise<T>,
  { patienceMs, doing = "" }: { patienceMs?: number; doing?: string } = {},
): Promise<Heard<T>> {
  const answer = question.then((value) => ({ value }));
  try {
    if (patienceMs === undefined) return await answer;
    const timeout = sleep(patienceMs, undefined, { ref: false });
    const error = new UserError(`Cannot ${doing}: no answer within ${patienceMs / 1000}s`);
    return await Promise.race([answer, timeout.then(() => Promise.reject(error))]);
  } catch (error) {
    if (!(error instanceof UserError) || error.cause instanceof DeadlineError) throw error;
    return { unknown: error.clause, error };
  }
}
