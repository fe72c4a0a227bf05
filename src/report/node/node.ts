import type { InfoItem, ResourceNode, ResourceRef } from "../../argo/application-tree.js";
import { Pod } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { groupOf, isOfKind, type ObjectId, versionOf } from "../../kube/object-id.js";
import { healthOf } from "../health/of-object.js";
import { networkingInfo } from "./networking.js";
import { podImages, podInfo } from "./pod-info.js";

/** How the tree points to an object. */
export function refOf({ apiVersion, kind, metadata }: LiveObject): ResourceRef {
  const { namespace, name, uid } = metadata;
  return withoutBlanks({
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    namespace,
    name,
    uid,
  });
}

/**
 * The node of a live object, but for its parents.
 *
 * @param customLabels those that `resource.customLabels` of argocd-cm wants to see
 */
export function nodeOf(object: LiveObject, customLabels: readonly string[] = []): ResourceNode {
  const { metadata } = object;
  const isPod = isOfKind(object, Pod);
  const info = [...generalInfo(object, customLabels), ...(isPod ? podInfo(object as Pod) : [])];
  const networking = networkingInfo(object);
  const health = healthOf(object);
  return {
    ...refOf(object),
    ...(info.length > 0 ? { info } : {}),
    ...(networking ? { networkingInfo: networking } : {}),
    ...(metadata.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}),
    ...(isPod ? { images: podImages(object as Pod) } : {}),
    ...(health ? { health } : {}),
    ...(metadata.creationTimestamp ? { createdAt: metadata.creationTimestamp } : {}),
  };
}

/** The node of an object that should be there. Without a uid, Argo CD's server offers nothing to do with it. */
export function missingNode(id: ObjectId & { version: string }): ResourceNode {
  return { ...idRef(id), health: { status: "Missing" } };
}

/** The node of an object of which is known only that it should be there. */
export function unreadNode(id: ObjectId & { version: string }): ResourceNode {
  return idRef(id);
}

function idRef({ group, version, kind, namespace, name }: ObjectId & { version: string }): ResourceRef {
  return withoutBlanks({ group, version, kind, namespace, name });
}

/** As Go leaves out what is empty. */
function withoutBlanks(ref: { [part in keyof ResourceRef]: string | undefined }): ResourceRef {
  const given = Object.entries(ref).filter(([, value]) => value);
  return { kind: ref.kind ?? "", name: ref.name ?? "", ...Object.fromEntries(given) };
}

const revisionAnnotations = ["deployment.kubernetes.io/revision", "rollout.argoproj.io/revision"];

function generalInfo(object: LiveObject, customLabels: readonly string[]): InfoItem[] {
  const { annotations = {}, labels = {} } = object.metadata;
  const items: InfoItem[] = [];
  const revision = revisionOf(object);
  if (revision > 0) items.push({ name: "Revision", value: `Rev:${revision}` });
  for (const name of customLabels) {
    const value = labels[name];
    if (value !== undefined) items.push({ name, value });
  }
  const managedBy = annotations["argocd.argoproj.io/managed-by-url"];
  if (
    object.kind === "Application" &&
    groupOf(object.apiVersion) === "argoproj.io" &&
    managedBy !== undefined
  )
    items.push({ name: "managed-by-url", value: managedBy });
  return items;
}

/** Of a ReplicaSet, by annotation, and of a ControllerRevision. */
function revisionOf(object: LiveObject & { revision?: unknown }): number {
  const { annotations = {} } = object.metadata;
  const name = revisionAnnotations.find((key) => annotations[key] !== undefined);
  if (name !== undefined) return /^\+?\d+$/.test(annotations[name] ?? "") ? Number(annotations[name]) : 0;
  return typeof object.revision === "number" ? object.revision : 0;
}
