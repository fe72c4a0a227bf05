import { UserError } from "../errors.js";
import { contentOf, predictApplied } from "../kube/apply-outcome.js";
import { applySet } from "../kube/apply-set.js";
import type { Access } from "../kube/asked.js";
import { isConflict, isForbidden } from "../kube/failure.js";
import type { Kube } from "../kube/kube.js";
import { resourceName } from "../kube/resource.js";
import { fieldManager } from "../names.js";
import { accessesFor, type Item } from "./live.js";
import { missingRights, withoutRights } from "./rights.js";

/**
 * Finds out what would go wrong with an install before any of it is done: rights that whoever runs this does not have, fields that
 * belong to others.
 *
 * @param hasNamespace whether objects in the namespace can be tried out, since it exists
 * @throws UserError with everything that was found
 */
export async function tryFirst(
  kube: Kube,
  items: readonly Item[],
  { hasNamespace, signal }: { hasNamespace: boolean; signal: AbortSignal },
): Promise<void> {
  const [missing, failures] = await Promise.all([
    missingRights(kube, items.flatMap(accessesFor)),
    failuresOf(kube, toTry(items, hasNamespace), signal),
  ]);
  const refused = failures.filter(({ error, of }) => isForbidden(error) && !missing.some(isToWrite(of)));
  const clauses = (some: readonly Failure[]) => some.map(({ error }) => error.clause);
  if (missing.length + refused.length > 0) throw withoutRights("install", missing, clauses(refused));
  if (failures.length === 0) return;
  throw new UserError(
    `Cannot install over what is there: ${clauses(failures).join("; ")}`,
    failures.some(({ error }) => isConflict(error))
      ? { hint: "Add --force to take the fields over; those of ConfigMaps and Secrets never are" }
      : {},
  );
}

/**
 * What somebody else may own fields of, and roles, new ones too: who gives rights must have them, which the API server tells
 * only when it is asked to write the role.
 */
function toTry(items: readonly Item[], hasNamespace: boolean): Item[] {
  return items.filter(
    ({ object, kind, before }) =>
      (before || kind.group === "rbac.authorization.k8s.io") &&
      (hasNamespace || object.metadata.namespace === undefined) &&
      predictApplied(before && contentOf(before), object) !== "unchanged",
  );
}

interface Failure {
  of: Item;
  error: UserError;
}

/** Whether a right that is missing is one to write this object, so that nothing more has to be said of it. */
function isToWrite(item: Item) {
  return (missing: Access) =>
    accessesFor(item).some(
      ({ kind, namespace }) =>
        resourceName(missing.kind) === resourceName(kind) && missing.namespace === namespace,
    );
}

async function failuresOf(kube: Kube, items: readonly Item[], signal: AbortSignal): Promise<Failure[]> {
  const failures: Failure[] = [];
  for await (const result of applySet(kube, [items], { fieldManager, dryRun: "server", signal }))
    if (result.outcome === "failed") failures.push({ of: result.item as Item, error: result.error });
  return failures;
}
