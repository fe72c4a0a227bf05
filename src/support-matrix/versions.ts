import compareBySemver from "semver/functions/compare.js";

/** major, minor and patch as one number, and whether something like "-rc3" follows */
interface Known {
  release: number;
  isPrerelease: boolean;
}

const known = new Map<string, Known>();

/** Each version of the matrix is compared many times, and reading it is what costs. */
function read(version: string): Known {
  const found = known.get(version);
  if (found) return found;
  const [major = 0, minor = 0, patch = 0] = releaseOf(version).split(".").map(Number);
  const fresh = { release: (major * 1e4 + minor) * 1e4 + patch, isPrerelease: version.includes("-") };
  known.set(version, fresh);
  return fresh;
}

/** As semver sorts: negative when `a` is older than `b`; with or without a leading v. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [read(a), read(b)];
  if (left.release !== right.release) return left.release - right.release;
  return left.isPrerelease || right.isPrerelease ? compareBySemver(a, b) : 0;
}

/** "2.9.0" of "v2.9.0-rc3". */
export function releaseOf(version: string): string {
  return version.replace(/^v/, "").replace(/[-+].*$/, "");
}

/** "2.8" of "v2.8.4". */
export function minorOf(version: string): string {
  return releaseOf(version).split(".").slice(0, 2).join(".");
}
