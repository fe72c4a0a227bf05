import { ExitCode, UserError } from "../errors.js";
import { andList } from "../text/and-list.js";
import { type Candidate, newestFirst, newestKnown, type SupportMatrix } from "./candidate.js";
import { type Choice, choose, type Refusal } from "./choose.js";
import { type Circumstances, type Fit, fitOf } from "./fit.js";
import { unknownVersion } from "./nearest.js";
import { compareVersions, releaseOf } from "./versions.js";
import { candidatesWanted, parseWanted } from "./wanted.js";

export interface ResolveOptions extends Circumstances {
  /** `--version`; undefined: whatever fits best */
  wanted?: string | undefined;
  /** `--dev`: development builds count, too */
  dev?: boolean | undefined;
  /** `--force`: what does not fit is taken all the same */
  force?: boolean | undefined;
  /** the Argo CD that is there already: "2.8.4", with or without the v */
  argo?: string | undefined;
}

export interface Chosen {
  candidate: Candidate;
  /** "incompatible" only with `force`; "degraded": go, and warn of the limits */
  level: Fit["level"];
  /** why this one, a sentence without a full stop each */
  reasons: string[];
  /** what it will not show or do, likewise */
  limits: string[];
  verdicts: Fit["verdicts"];
}

/**
 * The image for a cluster, or why none will do. Pure.
 *
 * What was asked for is found by its name: established before inferred, then the newest. Otherwise see {@link choose}.
 *
 * @throws UserError (exit code 2) when `wanted` is no version, range or tag
 */
export function resolve(matrix: SupportMatrix, options: ResolveOptions): Chosen | Refusal {
  const choice =
    options.wanted === undefined ? choose(matrix, options) : named(matrix, options.wanted, options);
  if ("refused" in choice) return choice;
  const { candidate, reasons } = choice;
  const fit = fitOf(matrix, candidate, options);
  const { argo, force = false } = options;
  const isOlder = argo !== undefined && compareVersions(candidate.argocd, argo) < 0;
  if (isOlder) fit.limits.unshift(`it is older than the Argo CD ${releaseOf(argo)} that is there`);
  const level = isOlder ? "incompatible" : fit.level;
  if (level === "incompatible" && !force) return unfit(matrix, candidate, fit.limits, options);
  return { candidate, level, reasons, limits: fit.limits, verdicts: fit.verdicts };
}

/** As {@link resolve}, for commands that cannot go on without a candidate. */
export function resolveOrThrow(matrix: SupportMatrix, options: ResolveOptions): Chosen {
  const resolution = resolve(matrix, options);
  if (!("refused" in resolution)) return resolution;
  const { refused, hint, exitCode } = resolution;
  throw new UserError(refused, { hint, exitCode });
}

function named(matrix: SupportMatrix, text: string, { dev }: ResolveOptions): Choice | Refusal {
  const found = candidatesWanted(matrix.candidates, parseWanted(text), { dev });
  const candidate = newestKnown(found);
  if (!candidate) return unknownVersion(matrix.candidates, text, dev === true);
  const images = found.filter(({ flamingo }) => flamingo === candidate.flamingo).length;
  const among = images > 1 ? `, as the newest known of ${images} images of this name` : "";
  return { candidate, reasons: [`it was asked for as ${text.trim()}${among}`] };
}

function unfit(
  matrix: SupportMatrix,
  candidate: Candidate,
  limits: readonly string[],
  { argo = "0.0.0", flux, platforms }: ResolveOptions,
): Refusal {
  const fitting = newestFirst(matrix.candidates)
    .filter(({ channel, argocd }) => channel === "stable" && compareVersions(argocd, argo) >= 0)
    .map((one) => ({ one, fit: fitOf(matrix, one, { flux, platforms }) }))
    .filter(({ fit }) => fit.level !== "incompatible");
  const most = Math.max(...fitting.map(({ fit }) => fit.score));
  const nearest = fitting.filter(({ fit }) => fit.score === most).slice(0, 2);
  const names = nearest.map(({ one }) => one.flamingo);
  const instead =
    names.length > 0 ? `Take ${andList(names).replace(" and ", " or ")}` : "Use the engine loopback";
  return {
    refused: `Cannot take ${candidate.flamingo} (${candidate.image}): ${limits.join("; ")}`,
    nearest: nearest.map(({ one }) => one),
    hint: `${instead}, or add --force to take it all the same`,
    exitCode: ExitCode.failed,
  };
}
