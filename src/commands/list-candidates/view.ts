import type { WorkloadKind } from "../../flux/workload.js";
import type { ListView } from "../../output/list-view.js";
import { renderCounts } from "../../support-matrix/advisories.js";
import type { CandidateRecord } from "../../support-matrix/candidate-record.js";
import { isShown } from "../../support-matrix/shows.js";

/** @param compatible with what they show on the cluster that was asked */
export function viewOf(compatible: boolean): ListView<CandidateRecord> {
  return {
    columns: {
      FLAMINGO: ({ flamingo }) => flamingo,
      "ARGO-CD": ({ argocd }) => argocd,
      "FSA-IMAGE": ({ image }) => image,
      FLUX: ({ flux }) => flux,
      CHANNEL: ({ channel, status }) => (status === "inferred" ? status : channel),
      DATE: ({ date }) => date,
      ...(compatible ? shownColumns : {}),
    },
    wide: {
      EVIDENCE: ({ evidence, confidence }) => `${evidence.join(",")} (${confidence})`,
      PLATFORMS: ({ platforms }) => platforms.join(","),
      ADVISORIES: ({ advisories }) => renderCounts(advisories) || "none",
    },
    name: ({ image }) => image,
    empty: compatible
      ? "None of these FSA images shows anything of this cluster's Flux"
      : "The support matrix has no such FSA image",
  };
}

const shownColumns: ListView<CandidateRecord>["columns"] = {
  KUSTOMIZATIONS: (candidate) => shownCell(candidate, "Kustomization"),
  HELMRELEASES: (candidate) => shownCell(candidate, "HelmRelease"),
};

/** "all", "all (no children)", "GitRepository,Bucket" */
function shownCell({ shows }: CandidateRecord, workload: WorkloadKind): string | null {
  const here = (shows ?? []).filter((one) => one.workload === workload);
  const shown = here.filter(isShown);
  if (shown.length === 0) return null;
  const sources = shown.length === here.length ? ["all"] : [...new Set(shown.map(({ source }) => source))];
  const children = shown.some((one) => one.shows === "shows") ? "" : " (no children)";
  return sources.join(",") + children;
}
