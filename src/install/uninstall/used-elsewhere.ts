import { ClusterRole, ClusterRoleBinding } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, isOfKind, keyOf, renderId } from "../../kube/object-id.js";
import type { Installed } from "./installed.js";

/**
 * Who besides this install lives by one of its ClusterRoles or ClusterRoleBindings: two Argo CDs that manage the whole cluster
 * share those of the same names. Pure.
 *
 * @example ["ServiceAccount argocd-server in other"]
 */
export function usersElsewhere(object: LiveObject, installed: Installed): string[] {
  if (isOfKind(object, ClusterRoleBinding)) {
    const binding = installed.bindings.find(({ metadata }) => metadata.name === object.metadata.name);
    return binding ? subjectsElsewhere(binding, installed) : [];
  }
  if (!isOfKind(object, ClusterRole)) return [];
  return installed.bindings
    .filter(({ roleRef }) => roleRef.kind === ClusterRole.kind && roleRef.name === object.metadata.name)
    .filter((binding) => !goes(binding, installed))
    .map((binding) => renderId(idOf(binding)));
}

function goes(binding: ClusterRoleBinding, installed: Installed): boolean {
  const isOurs = installed.origins.get(keyOf(idOf(binding))) === "created";
  return isOurs && subjectsElsewhere(binding, installed).length === 0;
}

function subjectsElsewhere({ subjects = [] }: ClusterRoleBinding, { namespace }: Installed): string[] {
  return subjects.filter((subject) => subject.namespace !== namespace).map(renderId);
}
