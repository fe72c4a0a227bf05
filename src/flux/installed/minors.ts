/**
 * The minors of Flux, oldest first, as far as they are told apart: the first stands for itself and all older ones, the
 * last for itself and all newer ones.
 */
export const knownMinors = [
  ...["0.37", "0.38", "0.39", "0.40", "0.41"],
  ...["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10"],
] as const;

export const oldestKnown = "0.37";
export const newestKnown = "2.10";

/** Among {@link knownMinors}, the one that stands for this one. @example knownMinorFor("2.12") // "2.10" */
export function knownMinorFor(minor: string): string {
  const rank = rankOf(minor);
  return knownMinors.findLast((known) => rankOf(known) <= rank) ?? oldestKnown;
}

/** Whether `minor` is `since` or newer. */
export function isSince(minor: string, since: string): boolean {
  return rankOf(minor) >= rankOf(since);
}

function rankOf(minor: string): number {
  const [major = 0, second = 0] = minor.split(".").map(Number);
  return major * 1000 + second;
}

/**
 * Some of {@link knownMinors} as a text: "2.9", "2.0 or 2.1", "0.38 to 0.41", "2.10 or newer", "0.37 or older"; undefined
 * when there is none.
 */
export function describeMinors(minors: readonly string[]): string | undefined {
  const [oldest, newest] = [minors[0], minors.at(-1)];
  if (oldest === undefined || newest === undefined) return undefined;
  if (oldest === oldestKnown && newest === newestKnown) return undefined;
  if (newest === newestKnown) return `${oldest} or newer`;
  if (oldest === oldestKnown) return `${newest} or older`;
  if (minors.length < 3) return minors.join(" or ");
  return `${oldest} to ${newest}`;
}

/** "2.9" of "2.9.3" and of "2.9.0-rc.1". */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
