import minVersion from "semver/ranges/min-version.js";
import { ExitCode } from "../errors.js";
import { andList } from "../text/and-list.js";
import { closest } from "../text/closest.js";
import { type Candidate, isDevelopment, newestFirst, newestKnown } from "./candidate.js";
import type { Refusal } from "./choose.js";
import { compareVersions } from "./versions.js";
import { candidatesWanted, parseWanted, type Wanted } from "./wanted.js";

/**
 * Says that a version, range or tag does not exist, and what comes nearest.
 *
 * @param dev development builds were looked at, too
 */
export function unknownVersion(candidates: readonly Candidate[], text: string, dev: boolean): Refusal {
  const wanted = parseWanted(text);
  const what = {
    latest: "is known",
    tag: "has this tag",
    version: "has this version",
    range: "is in this range",
  }[wanted.is];
  const refused = `Cannot choose an FSA image for ${JSON.stringify(text)}: none ${what}`;
  const exitCode = ExitCode.notFound;
  const development = dev ? undefined : newestKnown(candidatesWanted(candidates, wanted, { dev: true }));
  if (development) {
    const hint = `There are development builds, such as ${development.flamingo}: add --dev`;
    return { refused, nearest: [development], hint, exitCode };
  }
  const nearest = nearestTo(wanted, candidates);
  const names = nearest.map(({ image, flamingo }) => (wanted.is === "tag" ? image : flamingo));
  const verb = names.length > 1 ? "are" : "is";
  const see = "flamingo list-candidates --all";
  const hint = names.length > 0 ? `The nearest ${verb} ${andList(names)}: see ${see}` : `See ${see}`;
  return { refused, nearest, hint, exitCode };
}

/** What somebody may take who asked for something that does not exist: one or two candidates, the older one first. */
function nearestTo(wanted: Wanted, candidates: readonly Candidate[]): Candidate[] {
  const established = candidates.filter((one) => one.status === "established" && !isDevelopment(one));
  if (wanted.is === "tag") return nearestTags(wanted.tag, candidates);
  const version =
    wanted.is === "version"
      ? wanted.version
      : wanted.is === "range"
        ? minVersion(wanted.range)?.version
        : undefined;
  const newest = newestKnown(established);
  return version === undefined ? (newest ? [newest] : []) : neighbours(version, established);
}

/** The last candidate before a version and the first one after it. */
export function neighbours(version: string, candidates: readonly Candidate[]): Candidate[] {
  const sorted = newestFirst(candidates);
  const below = sorted.find(({ argocd }) => compareVersions(argocd, version) < 0);
  const above = sorted.findLast(({ argocd }) => compareVersions(argocd, version) > 0);
  // of several images of one version the newest
  const known = above && newestKnown(candidates.filter(({ argocd }) => argocd === above.argocd));
  return [below, known].filter((candidate) => candidate !== undefined);
}

/** A misspelt tag, or another build of the same Argo CD. */
function nearestTags(tag: string, candidates: readonly Candidate[]): Candidate[] {
  const [spelling] = closest(
    tag,
    candidates.map(({ image }) => image),
  );
  const [, argocd = ""] = /^(.*?)-fl\./.exec(tag) ?? [];
  const near = spelling
    ? candidates.find(({ image }) => image === spelling)
    : newestKnown(candidates.filter((candidate) => candidate.argocd === argocd));
  return near ? [near] : [];
}
