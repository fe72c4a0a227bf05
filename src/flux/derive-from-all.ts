import type { KubeObject } from "../kube/object.js";
import { artifactsMeant } from "./artifacts-meant.js";
import { isUsable } from "./file-rules.js";
import { type MadeBySets, madeBySets } from "./resource-set/made-by-sets.js";

/**
 * What only all objects of files together tell of: what ResourceSets make, and the ExternalArtifacts that are pointed to.
 *
 * @param folders that were read
 */
export function deriveFromAll(objects: readonly KubeObject[], folders: ReadonlySet<string>): MadeBySets {
  const made = madeBySets(objects, isUsable);
  const usable = made.derived.map(({ object }) => object).filter(isUsable);
  const artifacts = artifactsMeant([...objects, ...usable], folders);
  return {
    derived: [...made.derived, ...artifacts.derived],
    problems: [...made.problems, ...artifacts.problems],
    untold: made.untold,
  };
}
