import type { KubeObject } from "../../kube/object.js";

/** `metadata.managedFields`, the parts that tell who wrote a field (Kubernetes 1.18 and newer). */
interface ManagedObject extends KubeObject {
  metadata: KubeObject["metadata"] & {
    managedFields?: { manager?: string; time?: string; fieldsV1?: { "f:spec"?: Record<string, unknown> } }[];
  };
}

/**
 * When `spec.suspend` was last written, and by whom. A manager has one time for all of its fields, so the suspension may be
 * older than this, never younger.
 */
export function suspendedSince(object: KubeObject): { time: string; manager: string } | undefined {
  const writers = ((object as ManagedObject).metadata.managedFields ?? [])
    .filter(({ fieldsV1, time }) => time !== undefined && fieldsV1?.["f:spec"]?.["f:suspend"] !== undefined)
    .map(({ manager = "somebody", time = "" }) => ({ time, manager }));
  return writers.sort((a, b) => Date.parse(b.time) - Date.parse(a.time))[0];
}
