import { chartedArgos } from "../../argo/installed/chart-versions.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import type { SupportMatrix } from "../../support-matrix/candidate.js";
import {
  defaultStock,
  oldestForLoopback,
  resolveStock,
  stockReleases,
  untestedWith,
} from "../../support-matrix/stock.js";
import { compareVersions, minorOf, releaseOf } from "../../support-matrix/versions.js";
import type { InstallMode } from "../install-objects.js";
import type { Kept } from "../record.js";
import { autoFor } from "./auto.js";
import type { InstallPlan, PlanSituation, PlanWish } from "./install-plan.js";
import { noSafeStock, notInPlaceOf } from "./refusals.js";
import { seenByEngine } from "./seen.js";

/**
 * Stock Argo CD and the engine. With `--mode helmrelease` it is one that a chart installs, with `--mode crds-only` the CRDs alone.
 *
 * @throws UserError for a version that cannot be, and for a step back or across majors
 */
export function withStock(matrix: SupportMatrix, situation: PlanSituation, wish: PlanWish): InstallPlan {
  const { here, kept, kubernetes } = situation;
  const { version, mode = kept?.mode, force = false } = wish;
  const offered = mode === "helmrelease" ? chartedReleases() : stockReleases(matrix);
  const newest = defaultStock(matrix, kubernetes, offered);
  const stays = version === undefined ? stayingVersion(here, kept, mode) : undefined;
  const argocd = version === undefined ? (stays ?? newest) : resolveStock(matrix, version, force, offered);
  if (argocd === undefined) throw noSafeStock();
  if (here && !force) checkStep(here, argocd);
  const untested = untestedWith(matrix, argocd, kubernetes);
  const isNewer = stays !== undefined && newest !== undefined && compareVersions(newest, stays) > 0;
  const reason =
    version !== undefined
      ? `it was asked for as ${version.trim()}`
      : stays !== undefined
        ? "its version stays"
        : `the newest${mode === "helmrelease" ? " of which a chart is known" : ""} that is open to no high or critical advisory${kubernetes && !untested ? ` and was tested with Kubernetes ${kubernetes}` : ""}`;
  const plan: InstallPlan = {
    argo: { is: "stock", argocd },
    says: [`Stock Argo CD ${argocd}: ${reason}`, ...(isNewer ? [newer(newest, stays)] : [])],
    warnings: untested === undefined ? [] : [untested],
  };
  if (mode === "crds-only") return plan;
  const engine = { auto: autoFor(wish, kept, here === undefined) };
  const seen = seenByEngine(engine, situation);
  return {
    ...plan,
    engine,
    says: [...plan.says, ...seen.says],
    warnings: [...plan.warnings, ...seen.warnings],
  };
}

/** Those that a chart installs; a chart comes some time after its Argo CD. */
function chartedReleases(): string[] {
  return chartedArgos()
    .map((argo) => `v${argo}`)
    .filter((tag) => compareVersions(tag, oldestForLoopback) >= 0);
}

/** That of flamingo's own install, or the newer one that somebody has put in its place. CRDs are those of what runs. */
function stayingVersion(
  here: InstalledArgo | undefined,
  kept: Kept | undefined,
  mode: InstallMode | undefined,
): string | undefined {
  const running = here?.version && `v${releaseOf(here.version)}`;
  if (mode === "crds-only") return running;
  const own = kept?.argocd;
  return own && running && compareVersions(running, own) > 0 ? running : own;
}

function newer(newest: string, stays: string): string {
  const takes = isOtherMajor(newest, stays)
    ? `--version ${newest} --force takes it, across a major version`
    : `--version ${newest} takes it`;
  return `Argo CD ${newest} is newer: ${takes}`;
}

function checkStep(here: InstalledArgo, argocd: string): void {
  if (here.version === undefined) return;
  if (compareVersions(argocd, here.version) < 0) throw notInPlaceOf(here, argocd, "older");
  if (isOtherMajor(argocd, here.version)) throw notInPlaceOf(here, argocd, "another major version");
}

function isOtherMajor(one: string, other: string): boolean {
  const [major, before] = [one, other].map((version) => minorOf(version).split(".")[0]);
  return major !== before;
}
