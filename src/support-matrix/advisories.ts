import type { Advisory, AffectedRange, Severity } from "./candidate.js";
import { compareVersions, releaseOf } from "./versions.js";

/** An advisory that is open in some Argo CD. */
export interface OpenAdvisory extends Pick<Advisory, "id" | "aliases" | "severity" | "summary"> {
  /** the releases that fix it, oldest first; none where nothing of this major version does */
  fixedIn: string[];
}

const bySeverity: readonly (Severity | null)[] = ["critical", "high", "moderate", "low", null];

/**
 * The advisories that an Argo CD is open to, worst first. They follow from its version alone.
 *
 * @param argocd "v2.8.4", with or without the v
 */
export function openAdvisories(argocd: string, advisories: readonly Advisory[]): OpenAdvisory[] {
  const release = releaseOf(argocd);
  return advisories
    .filter(({ affected }) => affected.some((range) => isIn(argocd, release, range)))
    .map(({ id, aliases, severity, summary, affected }) => ({
      id,
      aliases,
      severity,
      summary,
      fixedIn: affected.flatMap(({ fixed }) => (fixed && compareVersions(fixed, argocd) > 0 ? [fixed] : [])),
    }))
    .sort((a, b) => bySeverity.indexOf(a.severity) - bySeverity.indexOf(b.severity));
}

/** How many there are of each severity, worst first: "2 critical, 1 high, 3 unknown". */
export function renderCounts(open: readonly Pick<OpenAdvisory, "severity">[]): string {
  return bySeverity
    .map((severity) => ({ severity, count: open.filter((one) => one.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity ?? "unknown"}`)
    .join(", ");
}

/** A release candidate of 2.9.0 is in what begins with 2.9.0: the ranges name releases, the fault was in it already. */
function isIn(argocd: string, release: string, { from, fixed, limit }: AffectedRange): boolean {
  if (compareVersions(argocd, fixed ?? limit ?? "0.0.0-0") >= 0) return false;
  return from === "0" || compareVersions(from.includes("-") ? argocd : release, from) >= 0;
}
