import { describeArgo } from "../../argo/installed/describe.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import {
  type Candidate,
  candidateRunning,
  newestKnown,
  type SupportMatrix,
} from "../../support-matrix/candidate.js";
import { combinationsOf } from "../../support-matrix/combination.js";
import { outlookOfRunning } from "../../support-matrix/outlook.js";
import { resolveOrThrow } from "../../support-matrix/resolve.js";
import { oldestForLoopback } from "../../support-matrix/stock.js";
import { compareVersions } from "../../support-matrix/versions.js";
import { autoFor } from "./auto.js";
import type { InstallPlan, PlanSituation, PlanWish } from "./install-plan.js";
import { autoNeedsProject, tooOldForEngine } from "./refusals.js";
import { seenByEngine } from "./seen.js";

/**
 * The engine beside an Argo CD that is left alone.
 *
 * @throws UserError for one that is too old, and for `--auto` into its AppProject `default`
 */
export function besideArgo(here: InstalledArgo, situation: PlanSituation, wish: PlanWish): InstallPlan {
  const { version, image } = here;
  const isTooOld = version !== undefined && compareVersions(version, oldestForLoopback) < 0;
  if (isTooOld && !wish.force) throw tooOldForEngine(here);
  const auto = autoFor(wish, situation.kept, false);
  if (auto && auto.project === undefined && auto.projectTemplate === undefined) throw autoNeedsProject(here);
  const seen = seenByEngine({ auto }, situation);
  const unproven = isTooOld
    ? ["The engine loopback is unproven before Argo CD 2.8; forced"]
    : image.flavour === "unknown" && version === undefined
      ? [`Whether the engine works is not known, since it takes Argo CD 2.8 or newer, and ${image.because}`]
      : [];
  return {
    engine: { auto },
    says: [`Nothing changes in ${describeArgo(here)}`, ...seen.says],
    warnings: [...unproven, ...seen.warnings],
  };
}

/**
 * An FSA image that runs, or was to run when flamingo was interrupted, stays; the engine comes for what it does not show. Not by
 * itself where Argo CD is for one namespace only: the engine is for the whole cluster.
 *
 * @throws UserError as {@link besideArgo}
 */
export function besideFsaImage(matrix: SupportMatrix, situation: PlanSituation, wish: PlanWish): InstallPlan {
  const { here, kept, flux, platforms } = situation;
  const image = here?.image.image ?? kept?.image ?? "";
  const own = kept?.argocd === undefined ? undefined : candidateOf(matrix, image, kept.argocd);
  const argo: Pick<InstallPlan, "argo"> = own
    ? {
        argo: {
          is: "fsa",
          argocd: own.argocd,
          chosen: resolveOrThrow(matrix, { wanted: own.image, force: true, flux, platforms }),
        },
      }
    : {};
  const lacking = lackingIn(matrix, image, situation);
  const isShort = lacking.length > 0 && kept?.mode !== "tenant";
  const isWanted = isShort || wish.engine === "loopback" || kept?.engine === "loopback";
  if (here && isWanted) {
    const beside = besideArgo(here, situation, wish);
    return { ...beside, ...argo, warnings: [...lacking, ...beside.warnings] };
  }
  const engine = isWanted ? { engine: { auto: autoFor(wish, kept, false) } } : {};
  const what = here ? describeArgo(here) : `the FSA image ${image}`;
  const says = lacking.length > 0 ? [] : [`All kinds of workloads that are in use are shown by ${what}`];
  return { ...argo, ...engine, says, warnings: lacking };
}

/** An image by a name of somebody's own is taken for the newest of its release. */
function candidateOf(matrix: SupportMatrix, image: string, release: string): Candidate | undefined {
  const ofRelease = matrix.candidates.filter(({ argocd }) => argocd === release);
  return candidateRunning(matrix, image) ?? newestKnown(ofRelease);
}

/** Why some of the kinds of workloads that are in use, or may be, are not wholly shown. */
function lackingIn(
  matrix: SupportMatrix,
  image: string,
  { flux, inUse = flux ? combinationsOf(flux) : [] }: PlanSituation,
): string[] {
  if (!flux) return [];
  const outlooks = inUse.map((one) => outlookOfRunning(matrix, image, flux, one));
  return [...new Set(outlooks.flatMap(({ shows, because }) => (shows === "all" ? [] : [because])))];
}
