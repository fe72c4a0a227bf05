import type { KubeObject } from "../../kube/object.js";
import { idOf, keyOf, renderId } from "../../kube/object-id.js";
import { YamlError } from "../../yaml.js";
import { isResourceSet } from "./resource-set.js";
import { resourcesOf } from "./resources.js";
import { Budget } from "./template/budget.js";
import { NotTold, TemplateError, tooMuch } from "./template/errors.js";

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

/** Characters and steps: a cluster has no room for what so many make, and they take seconds. */
const most = { forOne: 10_000_000, forAll: 30_000_000 };

/**
 * What ResourceSets make, those that another set makes among them.
 *
 * @param objects usable ones
 * @param isUsable whether an API server would take what is made, which else makes nothing itself
 */
export function madeBySets(
  objects: readonly KubeObject[],
  isUsable: (object: KubeObject) => boolean,
): MadeBySets {
  const made: MadeBySets = { derived: [], problems: [], untold: [] };
  const all = [...objects];
  const filledIn = new Set<string>();
  let left = most.forAll;
  for (const set of all) {
    const key = keyOf(idOf(set));
    if (!isResourceSet(set) || filledIn.has(key)) continue;
    filledIn.add(key);
    const name = renderId(idOf(set));
    const units = Math.min(most.forOne, left);
    const budget = new Budget(units);
    try {
      if (filledIn.size > mostSets) throw new NotTold(`there are more than ${mostSets} ResourceSets`);
      const resources = resourcesOf(set, objects, budget);
      made.derived.push(...resources.map((object) => ({ object, from: set })));
      all.push(...resources.filter(isUsable));
    } catch (thrown) {
      // nested deeper than anything that is written
      const error = thrown instanceof RangeError ? tooMuch() : thrown;
      if (error instanceof NotTold) made.untold.push(`Left out what ${name} makes: ${error.message}`);
      else if (error instanceof TemplateError || error instanceof YamlError)
        made.problems.push(`Cannot fill in the templates of ${name}: ${error.message}`);
      else throw error;
    } finally {
      left -= units - budget.left;
    }
  }
  return made;
}
