import { openAdvisories } from "./advisories.js";
import {
  type Candidate,
  imageReference,
  type Profile,
  platformsOf,
  profileOf,
  type Severity,
  type SupportMatrix,
} from "./candidate.js";
import type { Combination } from "./combination.js";
import type { Verdict } from "./verdict.js";

/** All that is known of one candidate, for JSON and tables (schemas/list-candidates.schema.json). */
export interface CandidateRecord extends Omit<Candidate, "repository" | "platforms"> {
  /** image with registry and tag */
  reference: string;
  platforms: readonly string[];
  asksFor: Profile["asksFor"] | null;
  treeOwner: Profile["treeOwner"] | null;
  can: Profile["can"] | null;
  advisories: readonly BriefAdvisory[];
  /** what it shows on the cluster that was asked; null when none was */
  shows: ShownCombination[] | null;
}

export interface BriefAdvisory {
  id: string;
  severity: Severity | null;
  fixedIn: string[];
}

export type ShownCombination = Combination &
  Pick<Verdict, "shows" | "showsSource"> & { because: string | null };

/** @param showsOf what a candidate shows on the cluster that was asked, if one was */
export function candidateRecords(
  matrix: SupportMatrix,
  candidates: readonly Candidate[],
  showsOf: (candidate: Candidate) => ShownCombination[] | null = () => null,
): CandidateRecord[] {
  // images of the same Argo CD have the same advisories
  const known = new Map<string, BriefAdvisory[]>();
  const advisoriesOf = (argocd: string) => {
    const open =
      known.get(argocd) ??
      openAdvisories(argocd, matrix.advisories).map(({ id, severity, fixedIn }) => ({
        id,
        severity,
        fixedIn,
      }));
    known.set(argocd, open);
    return open;
  };
  return candidates.map((candidate) => {
    const { repository: _, ...plain } = candidate;
    const profile = profileOf(matrix, candidate);
    return {
      ...plain,
      reference: imageReference(matrix, candidate),
      platforms: platformsOf(matrix, candidate),
      asksFor: profile?.asksFor ?? null,
      treeOwner: profile?.treeOwner ?? null,
      can: profile?.can ?? null,
      advisories: advisoriesOf(candidate.argocd),
      shows: showsOf(candidate),
    };
  });
}
