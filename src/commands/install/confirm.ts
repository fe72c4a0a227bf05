import { describeArgo } from "../../argo/installed/describe.js";
import { UserError } from "../../errors.js";
import { changesOf, type Prepared } from "../../install/prepare.js";
import { askYes, canAsk } from "../../output/ask.js";
import type { Survey } from "../../survey/survey.js";
import type { Deps } from "../deps.js";

/**
 * Asks before anything is changed that was there, on a terminal. Elsewhere nobody can be asked: what is not flamingo's own stays
 * then as it is.
 *
 * @throws UserError when it is not to be done
 */
export async function confirm(prepared: Prepared, { argos, flux }: Survey, deps: Deps): Promise<void> {
  const { namespace } = prepared.wish;
  const here = argos.find((argo) => argo.namespace === namespace);
  const changes = changesOf(prepared).length;
  if (canAsk(deps)) {
    const doubts = [
      ...(changes > 0
        ? [
            `Change ${changes} ${changes === 1 ? "object that is" : "objects that are"} there${here ? ` of ${describeArgo(here)}` : ""}`,
          ]
        : []),
      ...(flux.present ? [] : ["Install without Flux, of which nothing is here yet"]),
    ];
    if (doubts.length === 0 || (await askYes(`${doubts.join("; ")}?`, deps))) return;
    throw new UserError("Cannot install: the answer was no", { hint: "Nothing was changed" });
  }
  const [other] = here ? [here] : argos;
  if (other && !prepared.isOurs)
    throw new UserError(
      here && prepared.wish.argocd !== undefined
        ? `Cannot change ${describeArgo(here)}, which flamingo did not install, without being told to`
        : `Cannot install beside ${describeArgo(other)} without being told to`,
      { hint: "Add --yes; what it would change tells --diff" },
    );
  if (!flux.present)
    throw new UserError("Cannot install without Flux, of which nothing is here, without being told to", {
      hint: "Install Flux first, or add --yes: its workloads are shown when it comes",
    });
}
