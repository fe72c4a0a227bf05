import type { SupportMatrix } from "../../support-matrix/candidate.js";
import { resolveOrThrow } from "../../support-matrix/resolve.js";
import { untestedWith } from "../../support-matrix/stock.js";
import { candidatesWanted, parseWanted } from "../../support-matrix/wanted.js";
import { isFsaImage } from "../images.js";
import { isOurRelease } from "../objection.js";
import { autoFor } from "./auto.js";
import { besideArgo, besideFsaImage, isUnfinished } from "./beside.js";
import type { InstallPlan, PlanSituation, PlanWish } from "./install-plan.js";
import { notByHelm, tenantIsFsa } from "./refusals.js";
import { withStock } from "./stock.js";

/**
 * What an install does, decided once from what runs and what is wished:
 *
 * | what runs in the namespace | wish | what is done |
 * | --- | --- | --- |
 * | no Argo CD | none, or stock | stock Argo CD and the engine, with `--auto` |
 * | flamingo's own stock one | none | the same in its version, finished or with a newer engine |
 * | a stock one | another stock version | the upgrade, and the engine |
 * | a stock one of somebody else, 2.8 or newer | none | the engine beside it |
 * | an FSA image | none | nothing, or the engine beside it for what the image does not show |
 * | an FSA image | a stock version | the upgrade and the engine, for which Applications get the form loopback |
 * | whatever | an FSA image | that image |
 *
 * What speaks against the place, and against changing what somebody else keeps, tells `objectionTo()`.
 *
 * @throws UserError for what must not be, with the nearest choices
 */
export function planInstall(matrix: SupportMatrix, situation: PlanSituation, wish: PlanWish): InstallPlan {
  const { here, kept } = situation;
  const wanted = wantedArgo(matrix, wish);
  const becomesRelease = wish.mode === "helmrelease";
  if (becomesRelease && here && kept?.mode !== "helmrelease" && !isOurRelease(here)) throw notByHelm(here);
  if (wanted === "fsa") return withFsaImage(matrix, situation, wish);
  if (wish.mode === "crds-only") return withStock(matrix, situation, wish);
  const seen = here?.image.flavour ?? "unknown";
  const isOfRecord = seen === "unknown" || isUnfinished(situation);
  const isFsa = isOfRecord ? kept?.engine === "fsa" || isFsaImage(kept?.image) : seen === "fl";
  if (isFsa && wanted === "any" && !becomesRelease) return besideFsaImage(matrix, situation, wish);
  const isForeign = here && kept?.argocd === undefined;
  if (isForeign && wanted === "any" && !becomesRelease) return besideArgo(matrix, here, situation, wish);
  const plan = withStock(matrix, situation, wish);
  // of an image that nobody knows, Applications tell
  const mayBeFsa = isFsa || seen === "fl" || (here && seen === "unknown" && wanted === "stock");
  if (!mayBeFsa) return plan;
  if ((wish.mode ?? kept?.mode) === "tenant") throw tenantIsFsa();
  return { ...plan, leavesFsa: true };
}

/** "any": what fits best, or stays. */
function wantedArgo(
  { candidates }: SupportMatrix,
  { version, engine, mode, dev }: PlanWish,
): "stock" | "fsa" | "any" {
  const named = version === undefined ? undefined : parseWanted(version);
  const isKnown = named?.is === "tag" || (named && candidatesWanted(candidates, named, { dev }).length > 0);
  const isStock = named && (engine === "loopback" || named.is === "latest" || !isKnown);
  if (mode === "tenant" && (engine === "loopback" || (isStock && engine !== "fsa"))) throw tenantIsFsa();
  if (engine === "fsa" || mode === "tenant") return "fsa";
  if (!named) return "any";
  return isStock ? "stock" : "fsa";
}

/** What reported Applications before goes on: the image does not show them. */
function withFsaImage(
  matrix: SupportMatrix,
  { here, kept, flux, platforms, kubernetes }: PlanSituation,
  wish: PlanWish,
): InstallPlan {
  const { version: wanted, dev, force } = wish;
  const chosen = resolveOrThrow(matrix, { wanted, dev, force, flux, platforms, argo: here?.version });
  return {
    argo: { is: "fsa", argocd: chosen.candidate.argocd, chosen },
    ...(kept?.engine === "loopback" && wish.mode !== "crds-only"
      ? { engine: { auto: autoFor(wish, kept, false) } }
      : {}),
    says: [],
    warnings: [untestedWith(matrix, chosen.candidate.argocd, kubernetes)].filter(
      (text) => text !== undefined,
    ),
  };
}
