import type { Candidate } from "./candidate.js";

/** The newest first: by Argo CD version, then the one that was built last. `candidates` are in the matrix's order. */
export function newestFirst(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toReversed();
}

/** The one that a name stands for: established before inferred, then the newest. */
export function newestKnown(candidates: readonly Candidate[]): Candidate | undefined {
  const sorted = newestFirst(candidates);
  return sorted.find(({ status }) => status === "established") ?? sorted[0];
}
