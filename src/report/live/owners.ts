import { type PodRunner, StatefulSet } from "../../kube/kinds.js";
import type { LiveObject, OwnerReference } from "../../kube/object.js";
import { groupKindOf, idOf, isOfKind, keyOf } from "../../kube/object-id.js";

/** How an owner is found: by its uid, or by its key where it is only inferred. */
export interface Owner {
  by: "uid" | "key";
  value: string;
}

/**
 * Whose an object is: what its ownerReferences say, and what gitops-engine infers (`pkg/cache/references.go`): Endpoints
 * belong to the Service of their name, token Secrets to their ServiceAccount, a ClusterServiceVersion of the Operator
 * Lifecycle Manager to its OperatorGroup. For the claims of a StatefulSet see {@link claimBase}.
 */
export function ownersOf(object: LiveObject): Owner[] {
  const { ownerReferences = [], annotations = {}, namespace = "" } = object.metadata;
  const owners = ownerReferences.map(({ uid }: OwnerReference): Owner => ({ by: "uid", value: uid }));
  const inferred = (group: string, kind: string, name: string): Owner => ({
    by: "key",
    value: keyOf({ group, kind, namespace, name }),
  });
  switch (groupKindOf(idOf(object))) {
    case "/Endpoints":
      return owners.length > 0 ? owners : [inferred("", "Service", object.metadata.name)];
    case "/Secret": {
      // only token Secrets have both, and of a Secret no more than its metadata need be known
      const uid = annotations["kubernetes.io/service-account.uid"];
      const name = annotations["kubernetes.io/service-account.name"];
      return uid && name ? [...owners, { by: "uid", value: uid }] : owners;
    }
    case "operators.coreos.com/ClusterServiceVersion": {
      const group = annotations["olm.operatorGroup"];
      return group ? [...owners, inferred("operators.coreos.com", "OperatorGroup", group)] : owners;
    }
    default:
      return owners;
  }
}

/** What the names of a StatefulSet's claims begin with: "data-db" of the claim "data-db-0"; undefined for other objects. */
export function claimBase(object: LiveObject): string | undefined {
  const { group, kind, namespace, name } = idOf(object);
  if (group !== "" || kind !== "PersistentVolumeClaim") return undefined;
  const base = /^(.+)-\d+$/.exec(name)?.[1];
  return base && `${namespace}/${base}`;
}

/** The {@link claimBase} of each claim that a StatefulSet makes; none for other objects. */
export function claimBasesMadeBy(object: LiveObject): string[] {
  if (!isOfKind(object, StatefulSet)) return [];
  const { namespace = "", name } = object.metadata;
  return ((object as PodRunner).spec?.volumeClaimTemplates ?? []).map(
    ({ metadata }) => `${namespace}/${metadata?.name}-${name}`,
  );
}
