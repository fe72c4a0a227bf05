import type { Info, Operation, OperationState } from "../argo/application.js";
import { appliedBy, attemptOf } from "../flux/attempt.js";
import { verdictOf } from "../flux/state.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";

/** What an operation keeps, in a field for remarks, of the attempt that it was about: so another one is told from a repetition. */
export interface Kept {
  /** {@link attemptOf} */
  attempt?: string;
  /** {@link appliedBy} */
  applied?: string;
  /** the reason, of one that failed */
  failed?: string;
}

const keptNames = {
  attempt: "flamingo/attempt",
  applied: "flamingo/applied",
  failed: "flamingo/failed",
} as const satisfies Record<keyof Kept, string>;

export function keptBy(state: OperationState | undefined): Kept {
  const info = state?.operation?.info ?? [];
  const kept: Kept = {};
  for (const part of Object.keys(keptNames) as (keyof Kept)[]) {
    const value = info.find(({ name }) => name === keptNames[part])?.value;
    if (value !== undefined) kept[part] = value;
  }
  return kept;
}

/** The operation with this in the place of what it kept. */
export function keeping<T extends Operation>(operation: T, kept: Kept): T {
  const names: readonly string[] = Object.values(keptNames);
  const others = (operation.info ?? []).filter(({ name }) => !names.includes(name));
  const ours = (Object.keys(keptNames) as (keyof Kept)[]).flatMap((part): Info[] => {
    const value = kept[part];
    return value === undefined ? [] : [{ name: keptNames[part], value }];
  });
  return { ...operation, info: [...others, ...ours] };
}

/** An operation that somebody asked for and that ends now, with what Flux has come to. */
export function ended<T extends Operation>(
  operation: T,
  workload: FluxWorkload | undefined,
  content: LiveObject | undefined,
): T {
  if (!workload) return operation;
  const verdict = verdictOf(workload);
  return keeping(operation, keptNow(workload, content, verdict.is === "failed" ? verdict.reason : undefined));
}

/**
 * What an operation keeps that ends now.
 *
 * @param failed the reason, when it failed
 */
export function keptNow(
  workload: FluxWorkload,
  content: LiveObject | undefined,
  failed: string | undefined,
): Kept {
  const applied = appliedBy(workload);
  return {
    attempt: attemptOf(workload, content),
    ...(applied === undefined ? {} : { applied }),
    ...(failed === undefined ? {} : { failed: failureOf(workload, failed) }),
  };
}

/** Of a HelmRelease the reason changes while one attempt is remediated and tried again. */
function failureOf({ kind }: FluxWorkload, reason: string): string {
  return kind === "HelmRelease" ? "failed" : reason;
}
