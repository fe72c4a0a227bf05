import { type PodRunner, StatefulSet } from "../../kube/kinds.js";
import type { LiveObject, OwnerReference } from "../../kube/object.js";
import { groupKindOf, idOf, isOfKind, keyOf, type ObjectId } from "../../kube/object-id.js";

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
  const { ownerReferences = [], annotations = {} } = object.metadata;
  const owners = ownerReferences.map(({ uid }: OwnerReference): Owner => ({ by: "uid", value: uid }));
  const inferred = inferredOwnerOf(object);
  // who names the Service himself need not be taken at the name
  if (!inferred || (object.kind === "Endpoints" && owners.length > 0)) return owners;
  const uid = object.kind === "Secret" ? annotations[tokenOf.uid] : undefined;
  return [...owners, uid ? { by: "uid", value: uid } : { by: "key", value: keyOf(inferred) }];
}

const tokenOf = {
  uid: "kubernetes.io/service-account.uid",
  name: "kubernetes.io/service-account.name",
} as const;

/** Whose an object is without saying so in its ownerReferences; undefined for kinds of which nothing is inferred. */
export function inferredOwnerOf(object: LiveObject): ObjectId | undefined {
  const { annotations = {}, namespace = "", name } = object.metadata;
  const within = (group: string, kind: string, owner: string): ObjectId => ({
    ...{ group, kind, namespace },
    name: owner,
  });
  switch (groupKindOf(idOf(object))) {
    case "/Endpoints":
      return within("", "Service", name);
    case "/Secret": {
      // only token Secrets have both, and of a Secret no more than its metadata need be known
      const account = annotations[tokenOf.uid] ? annotations[tokenOf.name] : undefined;
      return account ? within("", "ServiceAccount", account) : undefined;
    }
    case "operators.coreos.com/ClusterServiceVersion": {
      const group = annotations["olm.operatorGroup"];
      return group ? within("operators.coreos.com", "OperatorGroup", group) : undefined;
    }
    default:
      return undefined;
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
