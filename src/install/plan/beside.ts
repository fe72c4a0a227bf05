import { type ArgoImage, readArgoImage } from "../../argo/image.js";
import { describeArgo } from "../../argo/installed/describe.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import {
  type Candidate,
  candidateRunning,
  newestFirst,
  newestKnown,
  type SupportMatrix,
} from "../../support-matrix/candidate.js";
import { combinationsOf } from "../../support-matrix/combination.js";
import { outlookOfRunning } from "../../support-matrix/outlook.js";
import { type Chosen, resolveOrThrow } from "../../support-matrix/resolve.js";
import { oldestForLoopback } from "../../support-matrix/stock.js";
import { compareVersions, minorOf } from "../../support-matrix/versions.js";
import { autoFor } from "./auto.js";
import type { InstallPlan, PlanSituation, PlanWish } from "./install-plan.js";
import { autoNeedsProject, tooOldForEngine } from "./refusals.js";
import { seenByEngine } from "./seen.js";

/**
 * The engine beside an Argo CD that is left alone.
 *
 * @throws UserError for one that is too old, and for `--auto` into its AppProject `default`
 */
export function besideArgo(
  matrix: SupportMatrix,
  here: InstalledArgo,
  situation: PlanSituation,
  wish: PlanWish,
): InstallPlan {
  const { says, ...beside } = engineBeside(
    matrix,
    { is: describeArgo(here), version: here.version, image: here.image },
    situation,
    wish,
  );
  return { ...beside, says: [`Nothing changes in ${describeArgo(here)}`, ...says] };
}

/** What the engine comes to. */
interface Beside {
  /** "stock Argo CD v3.6.1 in argocd" */
  is: string;
  /** "2.10.2" */
  version: string | undefined;
  image: ArgoImage;
}

/** @throws UserError as {@link besideArgo} */
function engineBeside(
  matrix: SupportMatrix,
  { is, version, image }: Beside,
  situation: PlanSituation,
  wish: PlanWish,
): InstallPlan {
  if (isBeforeEngine(version) && !wish.force)
    throw tooOldForEngine(is, image.flavour === "fl" ? undefined : adoptable(matrix, version));
  const auto = autoFor(wish, situation.kept, false);
  if (auto && auto.project === undefined && auto.projectTemplate === undefined) throw autoNeedsProject(is);
  const seen = seenByEngine({ auto }, situation);
  const unproven = isBeforeEngine(version)
    ? ["The engine loopback is unproven before Argo CD 2.8; forced"]
    : image.flavour === "unknown" && version === undefined
      ? [`Whether the engine works is not known, since it takes Argo CD 2.8 or newer, and ${image.because}`]
      : [];
  return { engine: { auto }, says: seen.says, warnings: [...unproven, ...seen.warnings] };
}

function isBeforeEngine(version: string | undefined): version is string {
  return version !== undefined && compareVersions(version, oldestForLoopback) < 0;
}

/** The newest FSA image that may take the place of an Argo CD, of which all but the images stays. */
function adoptable({ candidates }: SupportMatrix, version: string): string | undefined {
  const isOfMinor = ({ argocd }: Candidate) => minorOf(argocd) === minorOf(version);
  const [newest] = newestFirst(candidates.filter((one) => one.channel === "stable" && isOfMinor(one)));
  return newest && compareVersions(newest.argocd, version) >= 0 ? newest.flamingo : undefined;
}

/**
 * An FSA image that runs, or was to run when flamingo was interrupted, stays; the engine comes for what it does not show. Not by
 * itself where Argo CD is for one namespace only: the engine is for the whole cluster.
 *
 * @throws UserError as {@link besideArgo}
 */
export function besideFsaImage(matrix: SupportMatrix, situation: PlanSituation, wish: PlanWish): InstallPlan {
  const { here, kept } = situation;
  const isToCome = kept?.image !== undefined && (!here || isUnfinished(situation));
  const image = (isToCome ? kept.image : here?.image.image) ?? "";
  const own = kept?.argocd === undefined ? undefined : candidateOf(matrix, image, kept.argocd);
  const argo: Pick<InstallPlan, "argo"> = own
    ? { argo: { is: "fsa", argocd: own.argocd, chosen: staying(matrix, own, situation) } }
    : {};
  const beside: Beside =
    here && !isToCome
      ? { is: describeArgo(here), version: here.version, image: here.image }
      : { is: `the FSA image ${image}`, version: kept?.argocd?.slice(1), image: readArgoImage(image) };
  const lacking = lackingIn(matrix, image, situation);
  const isAsked = wish.engine === "loopback" || kept?.engine === "loopback";
  // what flamingo installed before goes on without what it cannot have
  const isShort = lacking.length > 0 && kept?.mode !== "tenant" && !(own && isBeforeEngine(beside.version));
  if (!isAsked && !isShort) {
    const says =
      lacking.length > 0 ? [] : [`All kinds of workloads that are in use are shown by ${beside.is}`];
    return { ...argo, says, warnings: own ? [] : lacking };
  }
  if (here && !own) {
    const plan = besideArgo(matrix, here, situation, wish);
    return { ...plan, warnings: [...lacking, ...plan.warnings] };
  }
  return { ...engineBeside(matrix, beside, situation, wish), ...argo };
}

/** Whether an older Argo CD runs than flamingo's install was on its way to. */
export function isUnfinished({ here, kept }: PlanSituation): boolean {
  const [running, wanted] = [here?.version, kept?.argocd];
  return running !== undefined && wanted !== undefined && compareVersions(running, wanted) < 0;
}

function staying(matrix: SupportMatrix, { image }: Candidate, { flux, platforms }: PlanSituation): Chosen {
  const chosen = resolveOrThrow(matrix, { wanted: image, force: true, flux, platforms });
  return { ...chosen, reasons: ["it stays"] };
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
