import { usageError } from "../../errors.js";
import type { EnginePlace } from "../../install/engine-place.js";
import { imageOfFlamingo, inRegistry, isFsaImage } from "../../install/images.js";
import type { InstallMode, InstallWish } from "../../install/install-objects.js";
import type { InstallPlan, PlanWish } from "../../install/plan/install-plan.js";
import { tenantIsFsa } from "../../install/plan/refusals.js";
import type { Kept } from "../../install/record.js";
import { imageReference, type SupportMatrix } from "../../support-matrix/candidate.js";
import { nameProblem } from "../../text/names.js";
import { version } from "../../version.js";
import type { CommandOptions } from "../command.js";
import { projectFrom } from "../project-flags.js";
import type { flags } from "./flags.js";

/** With those of `--mode adopt`. */
export type GivenOptions = CommandOptions<typeof flags>;

export type Options = Omit<GivenOptions, "mode"> & { mode: InstallMode | undefined };

/** @throws UserError (exit code 2) for flags that do not go together */
export function checkFlags(options: Options): void {
  checkAction(options);
  if (options.mode === "tenant" && options.engine === "loopback") throw tenantIsFsa();
  const { mode, imagePullSecret } = options;
  if (mode === "crds-only") {
    const idle = (["anonymous", "image", "registry", "imagePullSecret", "ha"] as const).find(
      (key) => options[key],
    );
    if (idle) throw usageError(`--${dashed(idle)} does not go with --mode crds-only`, "Leave it out");
  }
  checkImages(options);
  const problem = imagePullSecret ? nameProblem(imagePullSecret) : undefined;
  if (problem)
    throw usageError(`--image-pull-secret ${JSON.stringify(imagePullSecret)} is no name: ${problem}`);
}

/** @throws UserError (exit code 2) for what names no registry, or no image */
export function checkImages(options: Pick<GivenOptions, "registry" | "image" | "flamingoImage">): void {
  const { registry } = options;
  if (registry && !/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/.test(registry))
    throw usageError(
      `--registry ${JSON.stringify(registry)} is no registry`,
      "Write it like registry.example.com/mirror",
    );
  for (const key of ["image", "flamingoImage"] as const) checkImage(key, options[key]);
}

function checkImage(key: "image" | "flamingoImage", image: string | undefined): void {
  // an empty one takes back what an earlier install was asked for
  if (!image || /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(image)) return;
  const example = key === "image" ? "argocd:v2.10.2" : `flamingo:${version}`;
  throw usageError(
    `--${dashed(key)} ${JSON.stringify(image)} is no image`,
    `Write it like registry.example.com/${example}`,
  );
}

function checkAction(options: Options): void {
  const { export: prints, diff, dryRun, wait, noWait, auto, noAuto, appNs, argocdNamespace } = options;
  const asked = [
    prints ? "--export" : undefined,
    diff ? "--diff" : undefined,
    dryRun === undefined ? undefined : "--dry-run",
  ].filter((flag) => flag !== undefined);
  if (asked.length > 1) throw usageError(`${asked.join(" and ")} do not go together`, "Give one of them");
  if (wait && noWait) throw usageError("--wait and --no-wait do not go together", "Give one of them");
  if (auto && noAuto) throw usageError("--auto and --no-auto do not go together", "Give one of them");
  if (appNs !== undefined && argocdNamespace !== undefined && appNs !== argocdNamespace)
    throw usageError(
      `-N ${appNs} does not go with --argocd-namespace ${argocdNamespace}: the engine in the cluster makes Applications beside Argo CD`,
      `Leave one of them out; for Applications elsewhere: flamingo loopback --auto -N ${appNs} --argocd-namespace ${argocdNamespace}`,
    );
  projectFrom(options);
}

/** @throws UserError (exit code 2) for flags that would be without effect where this is planned */
export function checkIdle(options: Options, kept: Kept, { argo, engine }: InstallPlan): void {
  const mode = options.mode ?? kept.mode;
  if (argo && options.ha && (mode === "tenant" || mode === "helmrelease"))
    throw usageError(
      `--ha does not go with --mode ${mode}`,
      mode === "tenant"
        ? "Leave it out"
        : "Set redis-ha.enabled and the replicas in the values of the HelmRelease",
    );
  const given = (keys: readonly (keyof Options)[]) => keys.find((key) => options[key] !== undefined);
  const ofEngine = given([
    "auto",
    "noAuto",
    "project",
    "projectTemplate",
    "cascade",
    "shards",
    "flamingoImage",
    "serviceMonitor",
  ]);
  if (ofEngine !== undefined && !engine)
    throw usageError(
      `--${dashed(ofEngine)} is for the engine loopback, which is not installed here`,
      "Leave it out, or add --engine loopback",
    );
  const ofAuto = given(["project", "projectTemplate"]);
  if (ofAuto !== undefined && !engine?.auto)
    throw usageError(`--${dashed(ofAuto)} is for the Applications that --auto makes`, "Add --auto");
  const ofArgo = given(["anonymous", "image"]);
  if (ofArgo !== undefined && !argo)
    throw usageError(
      `--${dashed(ofArgo)} is for Argo CD, which is left alone here`,
      "Leave it out, or name a --version to put Argo CD under flamingo",
    );
}

function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What of a command line decides what is done. */
export function planWishFrom({ auto, noAuto, ...options }: Options): PlanWish {
  return { ...options, auto: noAuto ? false : auto };
}

/** Where a wish is to be fulfilled. */
export interface Place {
  /** of Argo CD */
  namespace: string;
  matrix: SupportMatrix;
  /** what an earlier install was asked for; an empty text in a flag takes it back */
  kept: Kept;
  engine: EnginePlace;
}

/** What is to be installed, with nothing left to guess. */
export function wishFor(options: Options, { argo, engine }: InstallPlan, place: Place): InstallWish {
  const { namespace, kept } = place;
  const registry = (options.registry ?? kept.registry) || undefined;
  const pullSecret = (options.imagePullSecret ?? kept.pullSecret) || undefined;
  const ha = options.ha ?? kept.ha ?? false;
  const { servesMonitors, unknown: _unknown, missing: _missing, ...around } = place.engine;
  return {
    mode: argo ? (options.mode ?? kept.mode ?? "all") : "all",
    namespace,
    argocd: argo?.argocd,
    image: argo && imageFor(options, argo, registry, place),
    registry,
    pullSecret,
    anonymous: argo !== undefined && (options.anonymous ?? kept.anonymous ?? false),
    ha,
    engine: engine && {
      ...around,
      namespace,
      image: flamingoImage(options, registry, kept),
      pullSecret,
      auto: engine.auto,
      ha,
      shards: options.shards ?? kept.shards ?? 1,
      cascade: (options.cascade ?? kept.cascade) === "flux",
      serviceMonitor: servesMonitors && (options.serviceMonitor ?? kept.serviceMonitor ?? false),
    },
  };
}

/** An image by its whole name is meant to be that one, and stays with the Argo CD that it is of. Undefined for stock. */
function imageFor(
  options: Options,
  argo: NonNullable<InstallPlan["argo"]>,
  registry: string | undefined,
  { kept, matrix }: Place,
): string | undefined {
  if (options.image !== undefined) return options.image || undefined;
  const isSame = argo.argocd === kept.argocd && (argo.is === "fsa" || !isFsaImage(kept.image));
  const isAsBefore = options.version === undefined && options.registry === undefined;
  if (isSame && (isAsBefore || isNamed(kept, matrix))) return kept.image;
  if (argo.is === "stock") return undefined;
  const own = imageReference(matrix, argo.chosen.candidate);
  return registry === undefined ? own : inRegistry(own, registry);
}

/** Whether the image of an earlier install has a name that only people give. */
export function isNamed({ image, registry }: Kept, matrix: SupportMatrix): boolean {
  if (image === undefined) return false;
  const byFlamingo = matrix.candidates.map((candidate) => imageReference(matrix, candidate));
  const known = registry === undefined ? byFlamingo : byFlamingo.map((one) => inRegistry(one, registry));
  return !known.includes(image);
}

/** That such an image does not stay; undefined where it does, or there is none. */
export function droppedImage(
  options: Options,
  { argocd, image }: InstallWish,
  { kept, matrix }: Pick<Place, "kept" | "matrix">,
): string | undefined {
  const isDropped = argocd !== undefined && options.image === undefined && image !== kept.image;
  return isDropped && isNamed(kept, matrix)
    ? `The image ${kept.image} does not stay: it was named for Argo CD ${kept.argocd}`
    : undefined;
}

/** Of this flamingo; one by a name of its own keeps that, with the new version where its tag was the old one. */
function flamingoImage(options: Options, registry: string | undefined, kept: Kept): string {
  if (options.flamingoImage) return options.flamingoImage;
  const { flamingoImage: before, flamingo: old = "" } = kept;
  const isOwnName = before !== undefined && before !== imageOfFlamingo(old, kept.registry);
  if (!isOwnName || options.flamingoImage === "") return imageOfFlamingo(version, registry);
  return before.endsWith(`:${old}`) ? `${before.slice(0, -old.length)}${version}` : before;
}

/** What is as an earlier install was asked for, as flags: ["--registry r.example"]. */
export function keptFlags(
  options: Options,
  { argo, engine }: InstallPlan,
  { image, engine: wished }: InstallWish,
  { kept, matrix }: Pick<Place, "kept" | "matrix">,
): string[] {
  const text = (flag: string, given: unknown, before: string | undefined) =>
    given === undefined && before !== undefined ? `${flag} ${before}` : undefined;
  const toggle = (flag: string, given: unknown, before: boolean | undefined) =>
    given === undefined && before ? flag : undefined;
  const project = options.project ?? options.projectTemplate;
  return [
    ...(argo
      ? [
          kept.mode === "all" ? undefined : text("--mode", options.mode, kept.mode),
          toggle("--anonymous", options.anonymous, kept.anonymous),
          image === kept.image && isNamed(kept, matrix) ? text("--image", options.image, image) : undefined,
        ]
      : []),
    toggle("--ha", options.ha, kept.ha),
    text("--registry", options.registry, kept.registry),
    text("--image-pull-secret", options.imagePullSecret, kept.pullSecret),
    ...(engine?.auto
      ? [text("--project", project, kept.project), text("--project-template", project, kept.projectTemplate)]
      : []),
    ...(engine
      ? [
          toggle("--no-auto", options.auto ?? options.noAuto, kept.auto === false && argo !== undefined),
          text("--cascade", options.cascade, kept.cascade),
          text("--shards", options.shards, (kept.shards ?? 1) === 1 ? undefined : String(kept.shards)),
          toggle("--service-monitor", options.serviceMonitor, kept.serviceMonitor && wished?.serviceMonitor),
        ]
      : []),
  ].filter((flag) => flag !== undefined);
}
