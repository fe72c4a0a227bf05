import { UserError, usageError } from "../../errors.js";
import { inRegistry } from "../../install/images.js";
import type { InstallWish } from "../../install/install-objects.js";
import type { Kept } from "../../install/record.js";
import { type Candidate, imageReference, type SupportMatrix } from "../../support-matrix/candidate.js";
import { candidatesWanted, parseWanted } from "../../support-matrix/wanted.js";
import { nameProblem } from "../../text/names.js";
import type { CommandOptions } from "../command.js";
import type { flags } from "./flags.js";

export type Options = CommandOptions<typeof flags>;

/** @throws UserError (exit code 2) for flags that do not go together */
export function checkFlags(options: Options): void {
  checkAction(options);
  const { mode, registry, image, imagePullSecret } = options;
  if (mode === "crds-only") {
    const idle = (["anonymous", "image", "registry", "imagePullSecret"] as const).find((key) => options[key]);
    if (idle) throw usageError(`--${dashed(idle)} does not go with --mode crds-only`, "Leave it out");
  }
  if (registry && !/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/.test(registry))
    throw usageError(
      `--registry ${JSON.stringify(registry)} is no registry`,
      "Write it like registry.example.com/mirror",
    );
  if (image !== undefined && !/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(image))
    throw usageError(
      `--image ${JSON.stringify(image)} is no image`,
      "Write it like registry.example.com/argocd:v2.10.2",
    );
  const problem = imagePullSecret ? nameProblem(imagePullSecret) : undefined;
  if (problem)
    throw usageError(`--image-pull-secret ${JSON.stringify(imagePullSecret)} is no name: ${problem}`);
}

function checkAction({ export: prints, diff, dryRun, wait, noWait }: Options): void {
  const asked = [
    prints ? "--export" : undefined,
    diff ? "--diff" : undefined,
    dryRun === undefined ? undefined : "--dry-run",
  ].filter((flag) => flag !== undefined);
  if (asked.length > 1) throw usageError(`${asked.join(" and ")} do not go together`, "Give one of them");
  if (wait && noWait) throw usageError("--wait and --no-wait do not go together", "Give one of them");
}

function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The FSA image that was asked for; undefined for the one that shows the most.
 *
 * @throws UserError for a wish that cannot be fulfilled yet
 */
export function fsaWanted(
  { version, engine, dev }: Pick<Options, "version" | "engine" | "dev">,
  { candidates }: SupportMatrix,
): string | undefined {
  if (engine === "loopback") throw notYet("the engine loopback");
  if (engine === "fsa") return version;
  if (version === undefined) throw notYet("stock Argo CD with the engine loopback");
  const wanted = parseWanted(version);
  const isStock =
    wanted.is === "latest" ||
    (wanted.is === "version" && candidatesWanted(candidates, wanted, { dev }).length === 0);
  if (isStock) throw notYet(`stock Argo CD ${version}`);
  return version;
}

function notYet(what: string): UserError {
  return new UserError(`Cannot install ${what}: this flamingo installs FSA images only`, {
    hint: "Name one: --version v2.10.2, or --engine fsa for the one that shows the most; see flamingo list-candidates",
  });
}

/**
 * What is to be installed, with nothing left to guess.
 *
 * @param kept of an earlier install; an empty text in a flag takes it back
 */
export function wishFor(
  options: Options,
  kept: Kept,
  namespace: string,
  candidate: Candidate,
  matrix: SupportMatrix,
): InstallWish {
  const registry = (options.registry ?? kept.registry) || undefined;
  const own = imageReference(matrix, candidate);
  return {
    mode: options.mode ?? kept.mode ?? "all",
    argocd: candidate.argocd,
    // an image by its whole name is meant to be that one
    image: options.image ?? (registry === undefined ? own : inRegistry(own, registry)),
    registry,
    pullSecret: (options.imagePullSecret ?? kept.pullSecret) || undefined,
    namespace,
    anonymous: options.anonymous ?? kept.anonymous ?? false,
  };
}

/** What is as an earlier install was asked for, as flags: ["--registry r.example"]. */
export function keptFlags(options: Options, { mode, anonymous, registry, pullSecret }: Kept): string[] {
  return [
    options.mode === undefined && mode !== undefined && mode !== "all" ? `--mode ${mode}` : undefined,
    options.anonymous === undefined && anonymous ? "--anonymous" : undefined,
    options.registry === undefined && registry !== undefined ? `--registry ${registry}` : undefined,
    options.imagePullSecret === undefined && pullSecret !== undefined
      ? `--image-pull-secret ${pullSecret}`
      : undefined,
  ].filter((flag) => flag !== undefined);
}
