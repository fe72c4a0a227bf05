import satisfies from "semver/functions/satisfies.js";
import valid from "semver/functions/valid.js";
import validRange from "semver/ranges/valid.js";
import { usageError } from "../errors.js";
import { type Candidate, isDevelopment, newestKnown, tagOf } from "./candidate.js";

/** A `--version` that was read: which candidates may be meant. */
export type Wanted =
  | { is: "latest"; text: string }
  | { is: "tag"; tag: string; text: string }
  | { is: "version"; version: string; text: string }
  /** a minor of Argo CD ("2.8"), or any semver range */
  | { is: "range"; range: string; text: string };

/**
 * Reads "v2.8.4", "2.8.4", "2.8" (of that minor), "latest", a whole image tag, or a semver range such as ">=2.8 <2.10".
 *
 * @throws UserError (exit code 2) for anything else
 */
export function parseWanted(given: string): Wanted {
  const text = given.trim();
  if (text.toLowerCase() === "latest") return { is: "latest", text };
  if (text.includes("-fl.")) return { is: "tag", tag: tagOf(text), text };
  const version = valid(text);
  if (version) return { is: "version", version, text };
  // kept as it was written: with --dev "2.8" begins before 2.8.0-rc1
  if (text !== "" && validRange(text) !== null) return { is: "range", range: text, text };
  throw usageError(
    `${JSON.stringify(given)} is no version of Flamingo`,
    'Write it as v2.8.4, as 2.8 for the newest of a minor, as latest, as a range (">=2.8 <2.10") or as an image\'s tag',
  );
}

/**
 * The candidates that fit, in the order of `candidates`. What somebody named exactly is taken as it is; of the others dev
 * ones count only when they are asked for.
 */
export function candidatesWanted(
  candidates: readonly Candidate[],
  wanted: Wanted,
  { dev = false }: { dev?: boolean | undefined } = {},
): Candidate[] {
  const offered = candidates.filter((one) => dev || !isDevelopment(one));
  switch (wanted.is) {
    case "latest": {
      const latest = newestKnown(offered);
      return latest ? [latest] : [];
    }
    case "tag":
      return candidates.filter(({ image }) => image === wanted.tag);
    case "version": {
      const named = candidates.filter(({ flamingo }) => flamingo === `v${wanted.version}`);
      // "v2.9.0-rc3" is in the matrix as "v2.9.0-rc3-dev" only
      return named.length > 0 ? named : candidates.filter(({ argocd }) => argocd === `v${wanted.version}`);
    }
    case "range":
      return offered.filter(({ argocd }) => satisfies(argocd, wanted.range, { includePrerelease: dev }));
  }
}
