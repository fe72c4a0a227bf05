/**
 * How far a record is believed, which goes by more rights than those of whoever wrote it: who may write ConfigMaps in its namespace
 * may have it name anything. Pure.
 */
import { AppProject } from "../../argo/app-project.js";
import { Application, ApplicationSet } from "../../argo/application.js";
import { isFluxGroup } from "../../flux/groups.js";
import { HelmRelease } from "../../flux/helm-release.js";
import { HelmRepository } from "../../flux/sources.js";
import { ClusterRole, CustomResourceDefinition, Namespace } from "../../kube/kinds.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { groupKindOf, idOf, keyOf, type ObjectId, objectId } from "../../kube/object-id.js";
import { resourceName } from "../../kube/resource.js";
import { fieldManager } from "../../names.js";
import { clusterWideName } from "../engine/names.js";
import { helmReleaseName, helmRepositoryName } from "../helm-release.js";
import type { Origin } from "../record.js";

const argoCrds = [Application, ApplicationSet, AppProject].map(resourceName);

/** Whether an install into the namespace `home` makes such objects at all. */
export function isEverMade(id: ObjectId, home: string): boolean {
  const is = (kind: Kind) => groupKindOf(id) === groupKindOf(kind);
  if (is(Namespace)) return id.name === home;
  if (is(CustomResourceDefinition)) return argoCrds.includes(id.name);
  if (isFluxGroup(id.group)) return keysOfRelease(home).includes(keyOf(id));
  const isRoleElsewhere = id.group === ClusterRole.group && id.name === clusterWideName(home);
  return id.namespace === "" || id.namespace === home || isRoleElsewhere;
}

/** Of `--mode helmrelease`. */
function keysOfRelease(namespace: string): string[] {
  return [
    objectId(HelmRelease, { namespace, name: helmReleaseName }),
    objectId(HelmRepository, { namespace, name: helmRepositoryName }),
  ].map(keyOf);
}

/**
 * Without what flamingo cannot have created, as `managedFields` tell. What is gone already still tells what kind of an install it
 * was. A Namespace loses flamingo's entry with a second install, and goes only when nothing else is in it.
 *
 * @param there what of it there is
 */
export function believed(
  recorded: ReadonlyMap<string, Origin>,
  there: readonly LiveObject[],
  home: string,
): Map<string, Origin> {
  const homeKey = keyOf(objectId(Namespace, { name: home }));
  const foreign = new Set(there.filter((one) => !isApplied(one)).map((one) => keyOf(idOf(one))));
  return new Map(
    [...recorded].filter(([key, origin]) => origin !== "created" || key === homeKey || !foreign.has(key)),
  );
}

/** As an install does: the images of an Argo CD that it adopts, and workloads that it suspends, flamingo writes otherwise. */
function isApplied({ metadata: { managedFields = [] } }: LiveObject): boolean {
  return managedFields.some(({ manager, operation }) => manager === fieldManager && operation === "Apply");
}
