/** Objects of any kind. Each builder takes what its test is about, and fills in the rest. */
import { stringify } from "yaml";
import type { Container, PodRunner } from "../../src/kube/kinds.js";
import type { KubeObject, LiveObject, OwnerReference } from "../../src/kube/object.js";
import type { TestObject } from "../cluster/crds.js";

/** As it lives in a cluster. @param at "NAMESPACE/NAME", or "NAME" for a cluster-scoped object */
export function object(apiVersion: string, kind: string, at: string, rest: object = {}): LiveObject {
  const [name = "", namespace] = at.split("/").reverse();
  const { metadata, ...body } = rest as { metadata?: object };
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), uid: uidOf(kind, name), ...metadata },
    ...body,
  };
}

/** The same of what was written down. */
export function live<T extends KubeObject>(written: T): T {
  const { kind, metadata } = written;
  return { ...written, metadata: { ...metadata, uid: uidOf(kind, metadata.name) } };
}

function uidOf(kind: string, name: string): string {
  return `${kind}-${name}`;
}

/** An object that belongs to another. */
export function owned(
  owner: KubeObject,
  apiVersion: string,
  kind: string,
  at: string,
  rest: object = {},
): LiveObject {
  const made = object(apiVersion, kind, at, rest);
  made.metadata.ownerReferences = [
    {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      name: owner.metadata.name,
      uid: owner.metadata.uid ?? "",
    },
  ];
  return made;
}

export interface RunnerOptions {
  kind?: "Deployment" | "StatefulSet";
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  replicas?: number;
  /** pods that are ready */
  ready?: number;
}

/** A Deployment, unless told otherwise, of one Pod that is ready. @param at "NAMESPACE/NAME" */
export function runner(
  at: string,
  containers: Container[],
  { kind = "Deployment", replicas = 1, ready = 1, ...metadata }: RunnerOptions = {},
): TestObject & PodRunner {
  const [name = "", namespace = ""] = at.split("/").reverse();
  const labels = { "app.kubernetes.io/name": name };
  const spec = {
    replicas,
    selector: { matchLabels: labels },
    ...(kind === "StatefulSet" ? { serviceName: name } : {}),
    template: { metadata: { labels }, spec: { containers } },
  };
  const status = { replicas, readyReplicas: ready, availableReplicas: ready, observedGeneration: 1 };
  return { apiVersion: "apps/v1", kind, metadata: { name, namespace, ...metadata }, spec, status };
}

/** Documents behind each other. */
export function yaml(...objects: readonly object[]): string {
  return objects.map((written) => `---\n${stringify(written)}`).join("");
}
