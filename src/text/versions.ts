/**
 * Whether a release such as "2.10.5" is this one or newer. Numbers only, since it decides about releases that are known;
 * the package `semver` would cost each start more than the rest of the decision.
 *
 * @example isAtLeast("2.10.5", 2, 8) // true
 */
export function isAtLeast(release: string, major: number, minor: number, patch = 0): boolean {
  const wanted = [major, minor, patch];
  const parts = release.split(".").map(Number);
  const index = wanted.findIndex((number, place) => (parts[place] ?? 0) !== number);
  return index === -1 || (parts[index] ?? 0) > (wanted[index] ?? 0);
}
