import { describeArgo } from "../../argo/installed/describe.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import { ExitCode, UserError, usageError } from "../../errors.js";
import { imagesAdopted, imagesRestored } from "../../install/adopt.js";
import { readRunners } from "../../install/change-images.js";
import { inRegistry } from "../../install/images.js";
import { namespaceToUse } from "../../install/objection.js";
import type { Kube } from "../../kube/kube.js";
import { imageReference } from "../../support-matrix/candidate.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { type Chosen, resolveOrThrow } from "../../support-matrix/resolve.js";
import { minorOf } from "../../support-matrix/versions.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import { readPlatforms } from "../../survey/platforms.js";
import { surveyCluster } from "../../survey/survey.js";
import type { Deps } from "../deps.js";
import { saidArgoNamespace } from "../namespaces.js";
import { flags } from "./flags.js";
import { checkImages, type GivenOptions } from "./request.js";
import { sayPlan } from "./say-plan.js";
import { swapImages } from "./swap-images.js";

/** `--mode adopt`: an FSA image in an Argo CD that is there, and nothing else of it; `--rollback` puts back what was there before. */
export async function adopt(deps: Deps, options: GivenOptions): Promise<number> {
  checkFlags(options);
  const { say, namespaces } = deps;
  const kube = await deps.kube();
  const { argos } = await surveyCluster(kube, namespaces);
  const namespace = namespaceToUse(argos, saidArgoNamespace(options, deps), namespaces.argocd);
  const here = argos.find((argo) => argo.namespace === namespace);
  if (!here)
    throw new UserError(`Cannot adopt an Argo CD: none runs in ${namespace}`, {
      hint: "Name its namespace with -N, or install one: flamingo install",
      exitCode: ExitCode.notFound,
    });
  say.act(`There is ${describeArgo(here)}, of ${kube.context} at ${kube.server}`);
  const runners = await readRunners(kube, namespace);
  if (options.rollback) {
    if (imagesRestored(runners).length === 0)
      throw new UserError(
        `Cannot roll back ${describeArgo(here)}: nothing in ${namespace} says what ran before`,
        {
          hint: "Only what --mode adopt has changed can be put back",
        },
      );
    return swapImages(kube, here, { runners, changesOf: imagesRestored }, options, deps);
  }
  const image = await imageFor(here, kube, options, deps);
  return swapImages(kube, here, { runners, changesOf: (some) => imagesAdopted(some, image) }, options, deps);
}

const own = ["mode", "diff", "dryRun", "wait", "noWait", "force", "yes", "rollback"];
const ofImage = ["version", "engine", "dev", "index", "image", "registry"];

/** @throws UserError (exit code 2) for flags that mean nothing here */
function checkFlags(options: GivenOptions): void {
  const { mode, engine, rollback, diff, dryRun } = options;
  const asked = rollback ? "--rollback" : "--mode adopt";
  if (mode !== undefined && mode !== "adopt")
    throw usageError(`--rollback does not go with --mode ${mode}`, "Only --mode adopt can be rolled back");
  if (engine === "loopback")
    throw usageError(
      `--engine loopback does not go with ${asked}`,
      "The engine needs no other image: leave --mode out",
    );
  const known = rollback ? own : [...own, ...ofImage];
  for (const [key, { usage }] of Object.entries(flags)) {
    if (known.includes(key) || options[key as keyof GivenOptions] === undefined) continue;
    throw usageError(`${/--[\w-]+/.exec(usage)?.[0]} does not go with ${asked}`, "Leave it out");
  }
  checkImages(options);
  if (diff && dryRun) throw usageError("--diff and --dry-run do not go together", "Give one of them");
}

/** @throws UserError where no image fits the Argo CD that runs */
async function imageFor(here: InstalledArgo, kube: Kube, options: GivenOptions, deps: Deps): Promise<string> {
  const { version: wanted, dev, force = false, registry } = options;
  if (here.version === undefined && !force)
    throw new UserError(`Cannot adopt ${describeArgo(here)}`, {
      hint: "Name a --version of its minor, and add --force",
    });
  const matrix = await readMatrix(options.index, deps);
  const [flux, { platforms, unknown }] = await Promise.all([readFluxApis(kube), readPlatforms(kube)]);
  const known = unknown === undefined ? platforms : undefined;
  const chosen = resolveOrThrow(matrix, { wanted, dev, force, flux, platforms: known, argo: here.version });
  if (!force) checkMinor(here, chosen);
  const { argocd } = chosen.candidate;
  sayPlan({ argo: { is: "fsa", argocd, chosen }, says: [], warnings: [] }, matrix, deps.say);
  const reference = imageReference(matrix, chosen.candidate);
  return options.image ?? (registry ? inRegistry(reference, registry) : reference);
}

/** Its settings, rights and CRDs stay those of the Argo CD that runs. */
function checkMinor(here: InstalledArgo, { candidate }: Chosen): void {
  const minor = minorOf(here.version ?? "");
  if (minorOf(candidate.argocd) === minor) return;
  throw new UserError(
    `Cannot adopt ${describeArgo(here)} with ${candidate.flamingo}: it is of another minor, for which only the images would be right`,
    { hint: `Take --version ${minor}, upgrade it with --mode all, or add --force` },
  );
}
