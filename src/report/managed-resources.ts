import type { ResourceDiff } from "../argo/application-tree.js";
import { withoutInventory } from "../flux/inventory.js";
import type { LiveObject } from "../kube/object.js";
import { keyOf } from "../kube/object-id.js";
import { appliedByFlux } from "./applied-fields.js";
import type { Managed } from "./managed.js";
import { withoutSecrets } from "./secret.js";

/**
 * What Argo CD's diff view shows: each managed object live, beside what Flux last applied of it where that can be known. Since
 * the fields that Flux owns have Flux's values, there is no difference, but for objects that are gone. What could not be read
 * is left out.
 *
 * @param sensitive annotations of Secrets that Argo CD was told to hide
 */
export function managedResources(managed: readonly Managed[], sensitive: readonly string[]): ResourceDiff[] {
  return managed
    .filter(({ unread }) => unread === undefined)
    .map(({ id, object }): [string, ResourceDiff] => {
      const { group, kind, namespace, name } = id;
      const ref = { ...(group ? { group } : {}), kind, ...(namespace ? { namespace } : {}), name };
      return [keyOf(id), { ...ref, ...(object ? present(object, sensitive) : gone(id)) }];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, diff]) => diff);
}

type States = Omit<ResourceDiff, "group" | "kind" | "namespace" | "name">;

function present(object: LiveObject, sensitive: readonly string[]): States {
  // a workload's status names all that it applied, and so what an AppProject may keep from being shown
  const safe = withoutInventory(withoutSecrets(object, sensitive));
  const target = appliedByFlux(safe);
  const live = JSON.stringify(withoutManagedFields(safe));
  const { resourceVersion } = object.metadata;
  return {
    targetState: target ? JSON.stringify(target) : live,
    liveState: live,
    normalizedLiveState: live,
    predictedLiveState: live,
    ...(resourceVersion ? { resourceVersion } : {}),
  };
}

/** That such an object is wanted is all that is known of it. */
function gone({ group, version, kind, namespace, name }: Managed["id"]): States {
  const target = JSON.stringify({
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
  });
  return {
    targetState: target,
    liveState: "null",
    normalizedLiveState: "null",
    predictedLiveState: target,
    modified: true,
  };
}

/** They are mostly longer than the object, and Argo CD's page hides them. */
function withoutManagedFields(object: LiveObject): LiveObject {
  const { managedFields, ...metadata } = object.metadata;
  return managedFields ? { ...object, metadata } : object;
}
