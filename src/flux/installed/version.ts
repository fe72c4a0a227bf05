import type { FluxController } from "./controllers.js";
import { agree, refutation } from "./disagreements.js";
import type { Claim } from "./findings.js";
import { minorOf } from "./minors.js";

/** What can be said for sure: nothing when the findings leave it open. */
export interface DecidedVersion {
  version?: string;
  minor?: string;
}

/** @param claims the best witness first */
export function decideVersion(
  claims: readonly Claim[],
  controllers: readonly FluxController[],
): DecidedVersion {
  const images = claims.find(({ byImages }) => byImages);
  const served = claims.find(({ by }) => by === "discovery");
  // controllers of several releases are no release
  if (images && images.minors.length > 1) return { minor: images.says };
  const basis = images ?? served;
  const possible = claims.filter(
    (claim) =>
      claim.version !== undefined &&
      (basis ? agree(claim, basis) : isApplied(claim)) &&
      !refutation(claim, controllers),
  );
  const version = images?.version ?? theOneAmong(possible);
  if (version !== undefined) return { version, minor: minorOf(version) };
  const minors = new Set((images ? [images] : possible).flatMap((claim) => claim.minors));
  const minor = minors.size === 1 ? [...minors][0] : served?.says;
  return minor === undefined ? {} : { minor };
}

/** The Flux Operator knows what it has applied; labels, and reports of labels, must all say the same. */
function theOneAmong(claims: readonly Claim[]): string | undefined {
  const applied = claims.find(isApplied);
  if (applied) return applied.version;
  const versions = new Set(claims.map(({ version }) => version));
  return versions.size === 1 ? claims[0]?.version : undefined;
}

function isApplied({ by }: Claim): boolean {
  return by === "flux-instance";
}
