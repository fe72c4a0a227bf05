import { UserError } from "../errors.js";
import { canI, mayI } from "../kube/access-review.js";
import type { Access } from "../kube/asked.js";
import type { Kube } from "../kube/kube.js";
import { keyOf, objectId } from "../kube/object-id.js";
import { resourceName } from "../kube/resource.js";

/** Of these rights, those that whoever runs this does not have; each is asked about once. */
export async function missingRights(kube: Kube, wanted: Iterable<Access>): Promise<Access[]> {
  const accesses = new Map<string, Access>();
  for (const access of wanted) {
    const { verb, kind, namespace } = access;
    accesses.set(`${verb} ${keyOf(objectId(kind, { namespace, name: "" }))}`, access);
  }
  const needed = [...accesses.values()];
  const allowed = await Promise.all(needed.map((access) => mayI(kube, access)));
  return needed.filter((_, index) => !allowed[index]);
}

/** "you may not patch deployments.apps in argocd" */
export function mayNot({ verb, kind, namespace }: Access): string {
  return `you may not ${verb} ${resourceName(kind)}${namespace === undefined ? "" : ` in ${namespace}`}`;
}

/**
 * @param doing "install", "uninstall"
 * @param clauses what was found
 * @param missing rights among it, the first of which one can ask about
 */
export function withoutRights(
  doing: string,
  clauses: readonly string[],
  [first]: readonly Access[],
): UserError {
  return new UserError(`Cannot ${doing} with these rights: ${clauses.join("; ")}`, {
    hint: `Choose another --context or --as, or ask for the rights${first ? `; to check one: ${canI(first)}` : ""}`,
  });
}
