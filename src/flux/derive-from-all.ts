import type { KubeObject } from "../kube/object.js";
import { artifactsMeant } from "./artifacts-meant.js";
import { type MadeBySets, madeBySets } from "./resource-set/made-by-sets.js";

/**
 * What only all objects of files together tell of: what ResourceSets make, and the ExternalArtifacts that are pointed to.
 *
 * @param folders that were read
 */
export function deriveFromAll(objects: readonly KubeObject[], folders: ReadonlySet<string>): MadeBySets {
  const made = madeBySets(objects);
  const artifacts = artifactsMeant([...objects, ...made.derived.map(({ object }) => object)], folders);
  return {
    derived: [...made.derived, ...artifacts.derived],
    problems: [...made.problems, ...artifacts.problems],
    untold: made.untold,
  };
}
