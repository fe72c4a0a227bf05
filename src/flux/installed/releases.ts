/** The controllers of single releases: what an exact version can be told by, and refuted. */
import type { FluxComponent } from "./controller-image.js";

/** Controller → its version, as one release of Flux has them or as they run. */
export type ControllerVersions = ReadonlyMap<FluxComponent, string>;

const columns = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
] as const satisfies FluxComponent[];

/**
 * Flux → source-, kustomize-, helm- and notification-controller, out of the manifests that these releases install.
 * Releases that are not here are told by their labels only.
 */
const releases: Readonly<Record<string, readonly [string, string, string, string]>> = {
  "0.37.0": ["0.32.1", "0.31.0", "0.27.0", "0.29.0"],
  "0.38.3": ["0.33.0", "0.32.0", "0.28.1", "0.30.2"],
  "0.39.0": ["0.34.0", "0.33.0", "0.29.0", "0.31.0"],
  "0.40.2": ["0.35.2", "0.34.0", "0.30.0", "0.32.1"],
  "0.41.2": ["0.36.1", "0.35.1", "0.31.2", "0.33.0"],
  "2.0.1": ["1.0.1", "1.0.1", "0.35.0", "1.0.0"],
  "2.1.2": ["1.1.2", "1.1.1", "0.36.2", "1.1.0"],
  "2.2.2": ["1.2.3", "1.2.1", "0.37.2", "1.2.3"],
  "2.3.0": ["1.3.0", "1.3.0", "1.0.1", "1.3.0"],
  "2.4.0": ["1.4.1", "1.4.0", "1.1.0", "1.4.0"],
  "2.5.1": ["1.5.0", "1.5.1", "1.2.0", "1.5.0"],
  "2.6.4": ["1.6.2", "1.6.1", "1.3.0", "1.6.0"],
  "2.7.5": ["1.7.4", "1.7.3", "1.4.5", "1.7.5"],
  "2.8.2": ["1.8.1", "1.8.2", "1.5.2", "1.8.2"],
  "2.9.3": ["1.9.3", "1.9.4", "1.6.3", "1.9.2"],
};

/** Releases whose controllers are those of another release, too: 0.38.2 and 0.38.3 differ elsewhere. */
const withTwin = new Set(["0.38.3"]);

/** The release that has just these controllers, all four; undefined when none or more than one is known. */
export function releaseWith(running: ControllerVersions): string | undefined {
  const found = Object.entries(releases).find(([, versions]) =>
    columns.every((component, index) => running.get(component) === versions[index]),
  )?.[0];
  return found !== undefined && withTwin.has(found) ? undefined : found;
}

/** The first controller that is not as this release has it: its name and the version of the release. */
export function differenceFrom(
  release: string,
  running: ControllerVersions,
): { component: FluxComponent; expected: string; runs: string } | undefined {
  for (const [index, component] of columns.entries()) {
    const [expected, runs] = [releases[release]?.[index], running.get(component)];
    if (expected !== undefined && runs !== undefined && runs !== expected)
      return { component, expected, runs };
  }
  return undefined;
}
