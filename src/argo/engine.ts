import { UserError } from "../errors.js";
import type { Outlook } from "../support-matrix/outlook.js";
import type { Engine } from "./application.js";
import { type ArgoImage, releaseIn } from "./image.js";
import { argoHas } from "./versions.js";

/** What is known about the Argo CD that an Application is for. */
export type ArgoFinding =
  | { found: "image"; image: ArgoImage; namespace: string }
  | { found: "none"; namespace: string }
  /** it could not be looked at */
  | { found: "unknown"; because: string; namespace: string }
  /** no cluster was asked */
  | { found: "unasked" };

/** The release of the Argo CD that was found; undefined where it is not known. */
export function releaseOf(argo: ArgoFinding): string | undefined {
  return argo.found === "image" ? releaseIn(argo.image) : undefined;
}

export interface EngineChoice {
  engine: Engine;
  /** "stock Argo CD v3.5.1 runs in argocd" */
  because: string;
  /** nothing is seen before `flamingo loopback` runs, of which the reason does not speak */
  needsLoopback?: true;
}

type KnownImage = Exclude<ArgoImage, { flavour: "unknown" }>;

/** No engine is known to work. */
export interface NoEngine {
  engine: undefined;
  /** after "Cannot": "choose an engine" */
  cannot: string;
  because: string;
  hint: string;
}

/**
 * The engine for new Applications, from versions alone: the same for all, or, where an FSA image runs, one for each
 * {@link Outlook}. `wanted` is `--engine`.
 *
 * @throws UserError where no engine is known to work, or `fsa` would make a stock Argo CD apply the workload itself
 */
export function chooseEngine(
  wanted: "auto" | Engine,
  argo: ArgoFinding,
  force: boolean,
): EngineChoice | ((outlook: Outlook) => EngineChoice | NoEngine) {
  if (argo.found === "unasked") return engineUnasked(wanted);
  if (argo.found === "none") {
    const none = `no Argo CD was found in ${argo.namespace}`;
    if (wanted !== "auto") return plainly(wanted, none);
    return { engine: "loopback", because: `${none}; flamingo install brings one, and the engine` };
  }
  if (argo.found === "unknown" || argo.image.flavour === "unknown") {
    const because = argo.found === "unknown" ? argo.because : unknownOf(argo.image);
    return plainly(wanted, `which Argo CD runs in ${argo.namespace} is not known, since ${because}`);
  }
  const { image, namespace } = argo;
  const runs = runningIn(image, namespace);
  if (wanted === "loopback") return orThrow(loopbackBeside(image, runs, force));
  if (image.flavour === "fl") return (outlook) => withFsaImage(wanted, image, runs, outlook, force);
  if (wanted === "auto") return orThrow(loopbackBeside(image, runs, force));
  if (force) return { engine: "fsa", because: `${runs}, where Sync would apply the workload itself; forced` };
  throw new UserError(
    `Cannot use the engine fsa: ${runs}, where Sync would apply the workload a second time, next to Flux`,
    { hint: "Leave --engine out, or add --force if an FSA image is about to be installed" },
  );
}

/** The engine where no cluster was asked. */
export function engineUnasked(wanted: "auto" | Engine): EngineChoice {
  return plainly(wanted, "no cluster was looked at");
}

function withFsaImage(
  wanted: "auto" | "fsa",
  image: KnownImage,
  runs: string,
  { shows, because }: Outlook,
  force: boolean,
): EngineChoice | NoEngine {
  if (shows === "all") return { engine: "fsa", because: runs };
  const lacking = `${runs}, and ${because}`;
  if (wanted === "auto") return loopbackBeside(image, lacking, force);
  if (shows !== "nothing" || force) return { engine: "fsa", because: `as asked; ${lacking}` };
  return {
    engine: undefined,
    cannot: "use the engine fsa",
    because: lacking,
    hint: "Leave --engine out, or add --force to write an Application that shows nothing",
  };
}

function plainly(wanted: "auto" | Engine, because: string): EngineChoice {
  return wanted === "fsa"
    ? { engine: "fsa", because: `as asked; ${because}` }
    : { engine: "loopback", because, needsLoopback: true };
}

function loopbackBeside(image: KnownImage, because: string, force: boolean): EngineChoice | NoEngine {
  if (argoHas("carriesLoopback", image.version)) return { engine: "loopback", because, needsLoopback: true };
  if (force)
    return { engine: "loopback", because: `${because}; loopback is unproven before Argo CD 2.8; forced` };
  return {
    engine: undefined,
    cannot: "choose an engine",
    because: `${because}, and loopback is unproven before Argo CD 2.8`,
    hint: "Upgrade Argo CD to 2.8 or newer, or add --force to take loopback all the same",
  };
}

function orThrow(choice: EngineChoice | NoEngine): EngineChoice {
  if (choice.engine !== undefined) return choice;
  throw new UserError(`Cannot ${choice.cannot}: ${choice.because}`, { hint: choice.hint });
}

function runningIn(image: KnownImage, namespace: string): string {
  const what = image.flavour === "fl" ? "the FSA image" : "stock Argo CD";
  return `${what} ${image.image.slice(image.image.lastIndexOf(":") + 1)} runs in ${namespace}`;
}

function unknownOf(image: ArgoImage): string {
  return image.flavour === "unknown" ? image.because : "";
}
