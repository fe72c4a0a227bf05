/**
 * What differs between minors of Flux, as far as it is not told by the versions and fields that its CRDs serve (`installed/`). Read in
 * the sources named, up to 2.10 (2026-11-27).
 */
import { isAtLeast } from "../text/versions.js";
import { isSince } from "./installed/minors.js";

const since = {
  /** a HelmRelease lists what it has applied (`status.inventory`, helm-controller 1.5) */
  listsReleaseObjects: "2.8",
} as const;

/** Whether a minor of Flux has that. @param minor "2.9" */
export function fluxHas(feature: keyof typeof since, minor: string): boolean {
  return isSince(minor, since[feature]);
}

/** The oldest Kubernetes that `flux check` of each minor accepts (the constant in flux2's cmd/flux/check.go at its tags). */
const oldestKubernetes: Readonly<Record<string, string>> = {
  "2.0": "1.24",
  "2.1": "1.25",
  "2.2": "1.26",
  "2.3": "1.28",
  "2.4": "1.28",
  "2.5": "1.30",
  "2.6": "1.31",
  "2.7": "1.32",
  "2.8": "1.33",
  "2.9": "1.33",
};

/**
 * The oldest Kubernetes that this Flux accepts, when the one that is there is older still.
 *
 * @param fluxMinor "2.9"
 * @param kubernetes "1.27.3", with or without v and build suffix
 * @example kubernetesTooOld("2.9", "v1.27.3-gke.1") // "1.33"
 */
export function kubernetesTooOld(fluxMinor: string, kubernetes: string): string | undefined {
  const oldest = oldestKubernetes[fluxMinor];
  const release = /^v?(\d+\.\d+\.\d+)/.exec(kubernetes)?.[1];
  if (oldest === undefined || release === undefined) return undefined;
  const [major = 0, minor = 0] = oldest.split(".").map(Number);
  return isAtLeast(release, major, minor) ? undefined : oldest;
}
