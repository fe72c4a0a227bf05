import { ExitCode } from "../errors.js";
import { type Candidate, isDevelopment, newestFirst, type SupportMatrix } from "./candidate.js";
import { type Circumstances, fitOf } from "./fit.js";
import { compareVersions, minorOf, releaseOf } from "./versions.js";

export interface Choice {
  candidate: Candidate;
  /** why this one, without a full stop each */
  reasons: string[];
}

/** Why no candidate will do. */
export interface Refusal {
  refused: string;
  /** what else could be taken */
  nearest: Candidate[];
  hint: string;
  exitCode: number;
}

/**
 * The candidate for somebody who asked for none: that of the minor of Argo CD that is there, not older than it; where none
 * is, the newest stable one of those that show the most of what this Flux serves.
 *
 * @param argo the Argo CD that is there
 * @param dev development builds count, too
 */
export function choose(
  matrix: SupportMatrix,
  { argo, dev = false, ...cluster }: Circumstances & { argo?: string | undefined; dev?: boolean | undefined },
): Choice | Refusal {
  const offered = matrix.candidates.filter((one) => dev || !isDevelopment(one));
  if (argo === undefined) return best(matrix, offered, cluster) ?? nothingThere;
  const newer = offered.filter(({ argocd }) => compareVersions(argocd, argo) >= 0);
  const minor = minorOf(argo);
  const kept = best(
    matrix,
    newer.filter(({ argocd }) => minorOf(argocd) === minor),
    cluster,
  );
  if (kept) {
    const keeps = `it keeps the minor ${minor} of the Argo CD that is there`;
    return { ...kept, reasons: [keeps, ...kept.reasons] };
  }
  const other = best(matrix, newer, cluster)?.candidate;
  return {
    refused: `Cannot choose an FSA image for the Argo CD ${releaseOf(argo)} that is there: none of ${minor} is as new`,
    nearest: other ? [other] : [],
    hint: `Stay with it and use the engine loopback${other ? `, or ask for a newer minor: --version ${other.flamingo}` : ""}`,
    exitCode: ExitCode.failed,
  };
}

const nothingThere: Refusal = {
  refused: "Cannot choose an FSA image: the support matrix has none",
  nearest: [],
  hint: "Look at the file that --index names",
  exitCode: ExitCode.failed,
};

/** Of those that are stable, or else established, or else inferred: the newest that shows the most. */
export function best(
  matrix: SupportMatrix,
  offered: readonly Candidate[],
  cluster: Circumstances,
): Choice | undefined {
  const sorted = newestFirst(offered);
  const tiers = [isListed, isEstablished, () => true];
  const tier = tiers.map((fits) => sorted.filter(fits)).find((some) => some.length > 0) ?? [];
  const scoreOf = (one: Candidate) => fitOf(matrix, one, cluster).score;
  const most = Math.max(...tier.map(scoreOf));
  const candidate = tier.find((one) => scoreOf(one) === most);
  if (!candidate) return undefined;
  const { channel, status } = candidate;
  const word = { stable: "stable", dev: "development", unlisted: status }[channel];
  const showing = cluster.flux && most > 0 ? "of those that show the most of this Flux" : "one";
  const reasons = [`it is the newest ${word} ${showing}`];
  const newer = sorted.find(isEstablished);
  if (newer && compareVersions(newer.argocd, candidate.argocd) > 0 && scoreOf(newer) === most)
    reasons.push(`${newer.flamingo} is newer, but upstream's index never listed it`);
  return { candidate, reasons };
}

function isListed({ channel, status }: Candidate): boolean {
  return channel !== "unlisted" && status === "established";
}

function isEstablished({ status }: Candidate): boolean {
  return status === "established";
}
