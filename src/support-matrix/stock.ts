import satisfies from "semver/functions/satisfies.js";
import { ExitCode, UserError } from "../errors.js";
import { andList } from "../text/and-list.js";
import { openAdvisories } from "./advisories.js";
import type { SupportMatrix } from "./candidate.js";
import { compareVersions, minorOf } from "./versions.js";
import { parseWanted } from "./wanted.js";

/** The oldest Argo CD that leaves the Applications of the engine loopback alone. */
export const oldestForLoopback = "2.8.0";

/** The stock releases whose manifests are known, newest first: "v3.6.1". */
export function stockReleases({ manifests }: Pick<SupportMatrix, "manifests">): string[] {
  return Object.keys(manifests)
    .filter((tag) => !tag.includes("-") && compareVersions(tag, oldestForLoopback) >= 0)
    .sort((a, b) => compareVersions(b, a));
}

/**
 * The stock release for somebody who asked for none: the newest that was tested with this Kubernetes; where none was, the one
 * that was tested with the nearest. One with known high or critical advisories is never taken.
 *
 * @param kubernetes of the API server: "v1.36.3"; undefined where no cluster is known
 * @param offered newest first
 */
export function defaultStock(
  matrix: SupportMatrix,
  kubernetes: string | undefined,
  offered: readonly string[] = stockReleases(matrix),
): string | undefined {
  const safe = offered.filter((tag) => !isDangerous(tag, matrix));
  const minor = kubernetesMinor(kubernetes);
  const distances = safe.map((tag) => ({ tag, far: distanceTo(minor, matrix, tag) }));
  const least = Math.min(...distances.map(({ far }) => far));
  return distances.find(({ far }) => far === least)?.tag;
}

function isDangerous(argocd: string, { advisories }: SupportMatrix): boolean {
  return openAdvisories(argocd, advisories).some(
    ({ severity }) => severity === "high" || severity === "critical",
  );
}

/** How many minors of Kubernetes lie between this one and those that a release was tested with; 0: it was tested with it. */
function distanceTo(minor: number | undefined, { testedKubernetes }: SupportMatrix, argocd: string): number {
  const range = testedKubernetes?.[minorOf(argocd)];
  if (minor === undefined || !range) return 0;
  const [min = 0, max = 0] = [range.min, range.max].map(kubernetesMinor);
  return Math.max(min - minor, minor - max, 0);
}

/** 36 of "v1.36.3-gke.1"; undefined for what is no version. */
function kubernetesMinor(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d+)/.exec(version ?? "")?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/**
 * That a release was not tested with this Kubernetes, a sentence without a full stop; undefined when it was, or nothing is known.
 *
 * @example untestedWith(matrix, "v3.2.12", "v1.30.1") // "Argo CD v3.2.12 was tested with Kubernetes 1.31 to 1.34, not with v1.30.1"
 */
export function untestedWith(
  matrix: SupportMatrix,
  argocd: string,
  kubernetes: string | undefined,
): string | undefined {
  const range = matrix.testedKubernetes?.[minorOf(argocd)];
  if (!range || distanceTo(kubernetesMinor(kubernetes), matrix, argocd) === 0) return undefined;
  return `Argo CD ${argocd} was tested with Kubernetes ${range.min} to ${range.max}, not with ${kubernetes}`;
}

/**
 * The stock release that somebody asked for: "latest", a version, known or not, or the newest known of a range.
 *
 * @param offered newest first
 * @throws UserError for a range that holds none (exit code 5), an FSA image's tag, and one that is too old without `force`
 */
export function resolveStock(
  matrix: SupportMatrix,
  text: string,
  force: boolean,
  offered: readonly string[] = stockReleases(matrix),
): string {
  const wanted = parseWanted(text);
  if (wanted.is === "tag")
    throw new UserError(`Cannot install ${text} with the engine loopback: it is an FSA image`, {
      hint: "Leave --engine out, or name a release of Argo CD",
      exitCode: ExitCode.usage,
    });
  const found =
    wanted.is === "version"
      ? `v${wanted.version}`
      : offered.find((tag) => wanted.is === "latest" || satisfies(tag, wanted.range));
  if (found === undefined) throw unknownRange(text, offered);
  if (compareVersions(found, oldestForLoopback) < 0 && !force)
    throw new UserError(`Cannot install stock Argo CD ${found}: the engine loopback needs 2.8 or newer`, {
      hint: "Take a newer --version, or an FSA image: see flamingo list-candidates",
    });
  return found;
}

function unknownRange(text: string, offered: readonly string[]): UserError {
  const nearest = [...new Set(offered.map(minorOf))].slice(0, 3);
  return new UserError(`Cannot choose a stock Argo CD for ${JSON.stringify(text)}: none is in this range`, {
    hint:
      nearest.length > 0
        ? `The newest are ${andList(nearest)}, or name a release as v3.6.1`
        : "Name a release",
    exitCode: ExitCode.notFound,
  });
}
