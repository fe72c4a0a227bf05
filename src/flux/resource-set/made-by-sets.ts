import type { KubeObject } from "../../kube/object.js";
import { idOf, keyOf, renderId } from "../../kube/object-id.js";
import { YamlError } from "../../yaml.js";
import { isResourceSet } from "./resource-set.js";
import { resourcesOf } from "./resources.js";
import { NotTold, TemplateError } from "./template/errors.js";

/** What the ResourceSets among objects make. */
export interface MadeBySets {
  /** each with its set */
  derived: { object: KubeObject; from: KubeObject }[];
  /** sets that the operator fails with, as sentences */
  problems: string[];
  /** sets that files do not tell, as sentences */
  untold: string[];
}

/** A set may make a set that makes another one, without an end. */
const mostSets = 1000;

/** What ResourceSets make, those that another set makes among them. */
export function madeBySets(objects: readonly KubeObject[]): MadeBySets {
  const made: MadeBySets = { derived: [], problems: [], untold: [] };
  const all = [...objects];
  const filledIn = new Set<string>();
  for (const set of all) {
    const key = keyOf(idOf(set));
    if (!isResourceSet(set) || filledIn.has(key)) continue;
    filledIn.add(key);
    const name = renderId(idOf(set));
    try {
      if (filledIn.size > mostSets) throw new NotTold(`there are more than ${mostSets} ResourceSets`);
      const resources = resourcesOf(set, objects);
      made.derived.push(...resources.map((object) => ({ object, from: set })));
      all.push(...resources);
    } catch (error) {
      if (error instanceof NotTold) made.untold.push(`Left out what ${name} makes: ${error.message}`);
      else if (error instanceof TemplateError || error instanceof YamlError)
        made.problems.push(`Cannot fill in the templates of ${name}: ${error.message}`);
      // a count, a depth or a length that no text has
      else if (error instanceof RangeError)
        made.problems.push(`Cannot fill in the templates of ${name}: they make too much`);
      else throw error;
    }
  }
  return made;
}
