import { ExitCode, UserError } from "../../errors.js";
import { type Candidate, profileOf, type SupportMatrix } from "../../support-matrix/candidate.js";
import {
  type CandidateRecord,
  candidateRecords,
  type ShownCombination,
} from "../../support-matrix/candidate-record.js";
import { combinationsOf } from "../../support-matrix/combination.js";
import { type FluxApis, servesFlux } from "../../support-matrix/flux-apis.js";
import { noneShows } from "../../support-matrix/none-shows.js";
import { isShown, verdictFor } from "../../support-matrix/verdict.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import type { Deps } from "../deps.js";

export interface Compatible {
  /** those that show something, with what they show */
  records: CandidateRecord[];
  /** what no image at all shows, a sentence each */
  remarks: string[];
}

/**
 * What these candidates show on a cluster.
 *
 * @throws UserError (exit code 6) when there is no Flux
 */
export async function compatible(
  matrix: SupportMatrix,
  candidates: readonly Candidate[],
  deps: Pick<Deps, "kube">,
): Promise<Compatible> {
  const kube = await deps.kube();
  const apis = await readFluxApis(kube);
  if (!servesFlux(apis)) {
    throw new UserError(
      `Cannot tell what is compatible: ${kube.server} serves neither Kustomizations nor HelmReleases`,
      {
        hint: "Install Flux first, choose another --context, or leave --compatible out",
        exitCode: ExitCode.notServed,
      },
    );
  }
  const records = candidateRecords(matrix, candidates, (candidate) => shownBy(matrix, candidate, apis));
  return { records: records.filter(({ shows }) => shows?.some(isShown)), remarks: noneShows(matrix, apis) };
}

function shownBy(matrix: SupportMatrix, candidate: Candidate, apis: FluxApis): ShownCombination[] {
  const profile = profileOf(matrix, candidate);
  return combinationsOf(apis).map((combination) => {
    const { shows, showsSource, because = null } = verdictFor(candidate, profile, apis, combination);
    return { ...combination, shows, showsSource, because };
  });
}
