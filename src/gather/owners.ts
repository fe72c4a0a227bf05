import { labelledBy, operatorOf } from "../flux/applied-by.js";
import { isToolkitKind } from "../flux/workload.js";
import { allOf } from "../kube/all-of.js";
import { StatefulSet } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { LiveObject, ObjectRef } from "../kube/object.js";
import { groupKindOf, groupOf, idOf, keyOf, type ObjectId } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";
import type { ServedKind } from "../kube/served-kinds.js";
import { claimBase, claimBasesMadeBy, inferredOwnerOf } from "../report/live/owners.js";
import { isPathSegment } from "../text/names.js";

/** Whom an object belongs to, and whom that does, up to what belongs to nobody. */
export interface Lineage {
  /** the object itself, then its owners, as far as they are there and may be read */
  chain: LiveObject[];
  /** what the last of them is said to belong to, and is not there or may not be read */
  lost: ObjectId | undefined;
}

/** Follows an object up its owners: those it names, those that Kubernetes and operators leave unsaid. */
export async function readLineage(
  kube: Pick<Kube, "find" | "list">,
  object: LiveObject,
  kinds: readonly ServedKind[],
): Promise<Lineage> {
  const served = new Map(kinds.map((kind) => [groupKindOf(kind), kind]));
  const chain = [object];
  const seen = new Set([keyOf(idOf(object))]);
  for (;;) {
    const last = chain.at(-1) as LiveObject;
    const owner = ownerNamedBy(last) ?? (await ownerOfClaim(kube, last));
    if (!owner || seen.has(keyOf(owner.id))) return { chain, lost: undefined };
    seen.add(keyOf(owner.id));
    const kind = served.get(groupKindOf(owner.id));
    const namespace = kind?.namespaced ? owner.id.namespace : undefined;
    const found = kind && (await metadataOf(kube, kind, { name: owner.id.name, namespace }));
    // another one of the same name is none of its own
    if (!found || (owner.uid !== undefined && owner.uid !== found.metadata.uid))
      return { chain, lost: { ...owner.id, namespace: namespace ?? "" } };
    chain.push(found);
  }
}

/** Undefined where it is gone or may not be read. */
async function metadataOf(
  kube: Pick<Kube, "find">,
  kind: ServedKind,
  ref: ObjectRef,
): Promise<LiveObject | undefined> {
  if (!isPathSegment(ref.name)) return undefined;
  return (await permitted(kube.find<LiveObject>(kind, ref, { metadataOnly: true }))).found;
}

interface NamedOwner {
  id: ObjectId;
  uid: string | undefined;
}

/** The owner that takes care of an object; of what Flux itself has applied, none that only labels name. */
function ownerNamedBy(object: LiveObject): NamedOwner | undefined {
  const { ownerReferences = [], namespace = "" } = object.metadata;
  const named = ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0];
  if (named) {
    const { apiVersion, kind, name, uid } = named;
    return { id: { group: groupOf(apiVersion), kind, namespace, name }, uid };
  }
  const inferred =
    inferredOwnerOf(object) ??
    (labelledBy(object).some(({ kind }) => isToolkitKind(kind)) ? undefined : operatorOf(object));
  return inferred && { id: inferred, uid: undefined };
}

/** The StatefulSet that a claim is made for, which it does not name. */
async function ownerOfClaim(kube: Pick<Kube, "list">, object: LiveObject): Promise<NamedOwner | undefined> {
  const base = claimBase(object);
  if (base === undefined) return undefined;
  const { namespace } = object.metadata;
  const found = (await allOf(kube.list(StatefulSet, { namespace }))).find((one) =>
    claimBasesMadeBy({ ...one, apiVersion: "apps/v1", kind: StatefulSet.kind }).includes(base),
  );
  return found && { id: idOf(found), uid: found.metadata.uid };
}
