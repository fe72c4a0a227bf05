import type { ToolkitKind } from "../flux/workload.js";
import { isDevelopment, newestKnown, profileOf, type SupportMatrix } from "./candidate.js";
import { type Combination, combinationsOf, renderSources } from "./combination.js";
import type { FluxApis } from "./flux-apis.js";
import { verdictFor } from "./verdict.js";

/**
 * What no image of the matrix shows on a cluster, a sentence each, without a full stop, with the newest image's reason for
 * an example. Computed, so it stays true when images come.
 *
 * @example ["No FSA image shows the children of HelmReleases here: v2.10.5 puts objects below …"]
 */
export function noneShows(matrix: SupportMatrix, apis: FluxApis): string[] {
  const all = combinationsOf(apis);
  return (["Kustomization", "HelmRelease"] as const).flatMap((workload) =>
    about(
      matrix,
      apis,
      workload,
      all.filter((one) => one.workload === workload),
    ),
  );
}

function about(
  matrix: SupportMatrix,
  apis: FluxApis,
  workload: ToolkitKind,
  combinations: readonly Combination[],
): string[] {
  const shownBy = (one: Combination) =>
    new Set(
      // images with the same profile show the same
      [...new Map(matrix.candidates.map((candidate) => [candidate.profile, candidate])).values()].map(
        (candidate) => verdictFor(candidate, profileOf(matrix, candidate), apis, one).shows,
      ),
    );
  const shown = combinations.map((one) => ({ one, by: shownBy(one) }));
  const hidden = shown.filter(({ by }) => !by.has("shows") && !by.has("shows-without-children"));
  const childless = shown.filter(({ by }) => by.has("shows-without-children") && !by.has("shows"));
  const sentence = (what: string, example: Combination) =>
    `No FSA image shows ${what} here${exampleOf(matrix, apis, example)}`;
  const sentences: string[] = [];
  const [first] = hidden;
  if (first && hidden.length === shown.length)
    sentences.push(sentence(`${workload}s or their sources`, first.one));
  else if (first)
    sentences.push(sentence(`${workload}s ${renderSources(hidden.map(({ one }) => one))}`, first.one));
  const [alone] = childless;
  if (alone && childless.length + hidden.length === shown.length)
    sentences.push(sentence(`the children of ${workload}s`, alone.one));
  return sentences;
}

function exampleOf(matrix: SupportMatrix, apis: FluxApis, combination: Combination): string {
  const newest = newestKnown(matrix.candidates.filter((one) => !isDevelopment(one)));
  const because = newest && verdictFor(newest, profileOf(matrix, newest), apis, combination).because;
  return because ? `: ${because}` : "";
}
