import type { ToolkitKind } from "../../flux/workload.js";
import type { ListView } from "../../output/list-view.js";
import { renderCounts } from "../../support-matrix/advisories.js";
import type { CandidateRecord } from "../../support-matrix/candidate-record.js";
import { isShown } from "../../support-matrix/verdict.js";
import { plainView } from "./view.js";

/** With what else is known of a candidate. */
export const recordView: ListView<CandidateRecord> = {
  ...plainView,
  wide: {
    EVIDENCE: ({ evidence, confidence }) => `${evidence.join(",")} (${confidence})`,
    PLATFORMS: ({ platforms }) => platforms.join(","),
    ADVISORIES: ({ advisories }) => renderCounts(advisories) || "none",
  },
};

/** With what a candidate shows on the cluster that was asked. */
export const compatibleView: ListView<CandidateRecord> = {
  ...recordView,
  columns: {
    ...recordView.columns,
    KUSTOMIZATIONS: (candidate) => shownCell(candidate, "Kustomization"),
    HELMRELEASES: (candidate) => shownCell(candidate, "HelmRelease"),
  },
  empty: "None of these FSA images shows anything of this cluster's Flux",
};

/** "all", "all (no children)", "GitRepository,Bucket" */
function shownCell({ shows }: CandidateRecord, workload: ToolkitKind): string | null {
  const here = (shows ?? []).filter((one) => one.workload === workload);
  const shown = here.filter(isShown);
  if (shown.length === 0) return null;
  const sources = shown.length === here.length ? ["all"] : [...new Set(shown.map(({ source }) => source))];
  const children = shown.some((one) => one.shows === "shows") ? "" : " (no children)";
  return sources.join(",") + children;
}
