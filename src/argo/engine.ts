import { UserError } from "../errors.js";
import { isAtLeast } from "../text/versions.js";
import type { Engine } from "./application.js";
import type { ArgoImage } from "./image.js";

/** What is known about the Argo CD that an Application is for. */
export type ArgoFinding =
  | { found: "image"; image: ArgoImage; namespace: string }
  | { found: "none"; namespace: string }
  /** it could not be looked at */
  | { found: "unknown"; because: string; namespace: string }
  /** no cluster was asked */
  | { found: "unasked" };

export interface EngineChoice {
  engine: Engine;
  /** one line: which engine and why, with what it takes to see something */
  because: string;
}

const needsLoopback = "flamingo loopback must run to fill it";

/**
 * The engine for new Applications, from versions alone. `wanted` is `--engine`.
 *
 * @throws UserError where no engine is known to work, or `fsa` would make a stock Argo CD apply the workload itself
 */
export function chooseEngine(wanted: "auto" | Engine, argo: ArgoFinding, force: boolean): EngineChoice {
  if (argo.found === "unasked") {
    if (wanted === "fsa") return { engine: "fsa", because: "as asked; no cluster was looked at" };
    return { engine: "loopback", because: `no cluster was looked at; ${needsLoopback}` };
  }
  if (argo.found === "none") {
    if (wanted === "fsa")
      return { engine: "fsa", because: `as asked; no Argo CD was found in ${argo.namespace}` };
    return { engine: "loopback", because: `no Argo CD was found in ${argo.namespace}; ${needsLoopback}` };
  }
  if (argo.found === "unknown" || argo.image.flavour === "unknown") {
    const why =
      argo.found === "unknown" ? argo.because : argo.image.flavour === "unknown" ? argo.image.because : "";
    const unclear = `which Argo CD runs in ${argo.namespace} is not known, since ${why}`;
    if (wanted === "fsa") return { engine: "fsa", because: `as asked; ${unclear}` };
    return { engine: "loopback", because: `${unclear}; ${needsLoopback}` };
  }
  return forKnownImage(wanted, argo.image, argo.namespace, force);
}

function forKnownImage(
  wanted: "auto" | Engine,
  image: Exclude<ArgoImage, { flavour: "unknown" }>,
  namespace: string,
  force: boolean,
): EngineChoice {
  const runs = `${image.flavour === "fl" ? "the FSA image" : "stock Argo CD"} ${tagOf(image.image)} runs in ${namespace}`;
  if (image.flavour === "fl" && wanted !== "loopback") return { engine: "fsa", because: runs };
  if (wanted === "fsa") {
    if (force)
      return { engine: "fsa", because: `${runs}, where Sync would apply the workload itself; forced` };
    throw new UserError(
      `Cannot use the engine fsa: ${runs}, where Sync would apply the workload a second time, next to Flux`,
      { hint: "Leave --engine out, or add --force if an FSA image is about to be installed" },
    );
  }
  if (isAtLeast(image.version, 2, 8)) return { engine: "loopback", because: `${runs}; ${needsLoopback}` };
  if (force)
    return { engine: "loopback", because: `${runs}; loopback is unproven before Argo CD 2.8; forced` };
  throw new UserError(`Cannot choose an engine: ${runs}, and loopback is unproven before Argo CD 2.8`, {
    hint: "Upgrade Argo CD to 2.8 or newer, or add --force to write Applications for loopback all the same",
  });
}

function tagOf(image: string): string {
  return image.slice(image.lastIndexOf(":") + 1);
}
