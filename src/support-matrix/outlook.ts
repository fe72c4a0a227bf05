import { candidateRunning, profileOf, type SupportMatrix } from "./candidate.js";
import { choose } from "./choose.js";
import type { Combination } from "./combination.js";
import { fitOf } from "./fit.js";
import type { FluxApis } from "./flux-apis.js";
import { isShown, verdictFor } from "./verdict.js";

/**
 * What an FSA image shows of one kind of workload and source on this Flux: of the image that runs, or, where no Argo CD
 * does, of the one that `flamingo install` would bring.
 */
export interface Outlook {
  /** "all": workload, children and source; "part": the workload at least; "unknown": the image is not in the matrix */
  shows: "all" | "part" | "nothing" | "unknown";
  /** what is missing and why; where all is shown without an Argo CD, which image that is */
  because: string;
}

/**
 * What the FSA image of a running container shows of such workloads on this Flux.
 *
 * @param combination undefined: the workload's source is of a kind that Flux does not know
 */
export function outlookOfRunning(
  matrix: SupportMatrix,
  image: string,
  apis: FluxApis,
  combination: Combination | undefined,
): Outlook {
  const candidate = candidateRunning(matrix, image);
  if (!candidate || !combination) {
    const what = candidate ? "Flux does not know this kind of source" : "the support matrix does not have it";
    return { shows: "unknown", because: `what it shows is not known, since ${what}` };
  }
  const verdict = verdictFor(candidate, profileOf(matrix, candidate), apis, combination);
  const { shows, showsSource, because = "" } = verdict;
  if (shows === "unknown") return { shows, because };
  if (shows === "shows" && showsSource) return { shows: "all", because: "" };
  return { shows: isShown(verdict) ? "part" : "nothing", because };
}

/**
 * What `flamingo install` would bring to a cluster without an Argo CD: the FSA image that shows the most, if it shows
 * everything that this Flux serves; else stock Argo CD for the engine loopback.
 */
export function outlookOfInstall(matrix: SupportMatrix, apis: FluxApis): Outlook {
  const choice = choose(matrix, { flux: apis });
  if ("refused" in choice) return { shows: "unknown", because: "the support matrix has no FSA image" };
  const { candidate } = choice;
  if (fitOf(matrix, candidate, { flux: apis }).level === "full")
    return { shows: "all", because: `flamingo install would bring the FSA image ${candidate.flamingo}` };
  return { shows: "nothing", because: "no FSA image shows all of this Flux" };
}
