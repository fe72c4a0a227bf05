import type { Kind, KubeObject, ObjectRef } from "./object.js";

/** What an object is found by; its API version is not part of it. */
export interface ObjectId {
  /** "" for the core group */
  group: string;
  kind: string;
  /** "" for cluster-scoped objects */
  namespace: string;
  name: string;
}

/** "apps" of "apps/v1", "" of "v1". */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash === -1 ? "" : apiVersion.slice(0, slash);
}

/** "v1" of "apps/v1" and of "v1". */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

const ownGroups: ReadonlySet<string> = new Set(
  [
    "admissionregistration apiextensions apiregistration authentication authorization certificates coordination",
    "discovery events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource scheduling",
    "storage storagemigration",
  ].flatMap((line) => line.split(" ").map((group) => `${group}.k8s.io`)),
);

/** Whether a group is Kubernetes' own: these have no dot or are known; what else ends in k8s.io comes from CRDs (Gateway API). */
export function isOwnGroup(group: string): boolean {
  return !group.includes(".") || ownGroups.has(group);
}

export function idOf({ apiVersion, kind, metadata }: KubeObject): ObjectId {
  return { group: groupOf(apiVersion), kind, namespace: metadata.namespace ?? "", name: metadata.name };
}

/** Whether an object is of a kind, in whatever version. */
export function isOfKind({ apiVersion, kind }: KubeObject, wanted: Pick<Kind, "group" | "kind">): boolean {
  return kind === wanted.kind && groupOf(apiVersion) === wanted.group;
}

/** Of an object that need not be at hand, or exist. */
export function objectId(
  { group, kind }: Pick<Kind, "group" | "kind">,
  { namespace = "", name }: ObjectRef,
): ObjectId {
  return { group, kind, namespace, name };
}

/** "apps/Deployment/podinfo/podinfo": Argo CD's full name of a node, which it sorts by, too. */
export function keyOf({ group, kind, namespace, name }: ObjectId): string {
  // kept by the hundred thousand: V8 makes of `${…}` a text of four parts, which stay beside the whole one
  return [group, kind, namespace, name].join("/");
}

/** What a key of {@link keyOf} stands for. */
export function idOfKey(key: string): ObjectId {
  const [group = "", kind = "", namespace = "", name = ""] = key.split("/");
  return { group, kind, namespace, name };
}

/** The same of a reference, which leaves out the core group, and the namespace of what is in none. */
export function keyOfReference({ group = "", kind, namespace = "", name }: Reference): string {
  return keyOf({ group, kind, namespace, name });
}

type Reference = Pick<ObjectId, "kind" | "name"> & { group?: string; namespace?: string };

/** "apps/Deployment": a kind in all its versions. */
export function groupKindOf({ group, kind }: { group: string; kind: string }): string {
  return `${group}/${kind}`;
}

/** "flux-system/podinfo": one object among those of its kind; "podinfo" of what is in no namespace. */
export function namespacedName({ namespace, name }: ObjectRef): string {
  return namespace ? [namespace, name].join("/") : name;
}

/** As kubectl says what it did: "deployment.apps/podinfo", "service/podinfo". */
export function kubectlName({ group, kind, name }: Pick<ObjectId, "group" | "kind" | "name">): string {
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;
}

/** As it stands in sentences: "Deployment podinfo in apps", "Namespace apps". */
export function renderId({ kind, namespace, name }: Rendered): string {
  return namespace ? `${kind} ${name} in ${namespace}` : `${kind} ${name}`;
}

type Rendered = Pick<ObjectId, "kind" | "name"> & { namespace?: string | null | undefined };
