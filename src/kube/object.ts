/** The parts of Kubernetes objects that flamingo touches everywhere. Types only. */

export interface ObjectMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  generation?: number;
  resourceVersion?: string;
  uid?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
}

export interface KubeObject {
  /** `GROUP/VERSION`, or `v1` for the core group */
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  /** of several owners the one that takes care of it */
  controller?: boolean;
}

/** Who set which fields by which kind of request (metav1.ManagedFieldsEntry). */
export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string;
  fieldsV1?: FieldsV1;
}

/** Fields by name: "f:NAME" a field, "k:{…}" and "v:…" an item of a list, "." the thing itself. */
export interface FieldsV1 {
  readonly [name: string]: FieldsV1;
}

/** An object as the API server hands it out, of any kind. */
export interface LiveObject extends KubeObject {
  metadata: ObjectMeta & { ownerReferences?: OwnerReference[]; managedFields?: ManagedFields[] };
}

/**
 * A kind as the API server serves it. `T` is the shape of its objects.
 *
 * @example { group: "apps", version: "v1", kind: "Deployment", plural: "deployments" }
 */
export interface Kind<T extends KubeObject = KubeObject> {
  /** "" for the core group */
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  /**
   * The version to ask for. Without one, the newest that the cluster serves of this very kind is looked up
   * (v2 before v1 before v1beta2): kinds of a group are not served in the same versions.
   */
  readonly version?: string;
  /** false for kinds whose objects are in no namespace */
  readonly namespaced?: boolean;
  /** carries T, never set */
  readonly shape?: T;
}

/** `namespace/name`; only the name for cluster-scoped objects */
export interface ObjectRef {
  name: string;
  namespace?: string | undefined;
}
