import { candidateRunning, profileOf, type SupportMatrix } from "./candidate.js";
import type { Combination } from "./combination.js";
import type { FluxApis } from "./flux-apis.js";
import { isShown, verdictFor } from "./verdict.js";

/** What the FSA image that runs shows of one kind of workload and source on this Flux. */
export interface Outlook {
  /** "all": workload, children and source; "part": the workload at least; "unknown": the image is not in the matrix */
  shows: "all" | "part" | "nothing" | "unknown";
  /** what is missing and why */
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
