import type { Voice } from "../../output/voice.js";
import { openAdvisories, renderCounts } from "../../support-matrix/advisories.js";
import type { SupportMatrix } from "../../support-matrix/candidate.js";
import type { Chosen } from "../../support-matrix/resolve.js";

/** Which image it is, why, what it will not show, and the advisories that it is open to. */
export function sayChosen(
  { candidate, level, reasons, limits }: Chosen,
  matrix: SupportMatrix,
  say: Voice,
): void {
  const { flamingo, image, argocd } = candidate;
  say.act(`FSA image ${flamingo} (${image}): ${reasons.join("; ")}`);
  if (level === "full") say.act(`${flamingo} shows everything that this Flux serves`);
  for (const limit of limits) say.warning(`With ${flamingo}, ${limit}`);
  const open = openAdvisories(argocd, matrix.advisories);
  if (open.length === 0) return;
  say.warning(
    `Argo CD ${argocd} is open to ${open.length} advisories (${renderCounts(open)}) as of ${dateOf(matrix)}`,
    "Read them at https://github.com/argoproj/argo-cd/security/advisories",
  );
}

/** Of "golang/vulndb a752ea54fd1b (2026-08-21), …". */
function dateOf({ advisorySource }: SupportMatrix): string {
  return /\d{4}-\d{2}-\d{2}/.exec(advisorySource)?.[0] ?? "an unknown date";
}
