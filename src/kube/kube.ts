import type { Duplex } from "node:stream";
import type { UserError } from "../errors.js";
import type { Kind, KubeObject, ObjectRef } from "./object.js";

export interface ListOptions {
  /** all namespaces when not given */
  namespace?: string | undefined;
  /** `-l`: a label selector as kubectl takes it */
  labels?: string | undefined;
  /** only objects of this name (in whatever namespace) */
  name?: string | undefined;
  /** of Pods, on a cluster: only those on this machine */
  node?: string | undefined;
  /** A cluster is asked for `metadata` alone: what else an object holds (the data of a Secret) never leaves it. */
  metadataOnly?: boolean | undefined;
}

/**
 * Where objects come from: a live cluster, or a set of YAML files. Commands read through it and do not know which.
 *
 * A failed read is an error, never an empty answer. A kind that is not served has no objects: `find` answers undefined
 * and `list` has no page; `servedVersion` tells the difference. A kind with a fixed `version` is asked for without looking
 * first, so there a cluster that does not serve it is an error (exit code 6).
 */
export interface Reader {
  /** The version in which this kind is read, such as "v1"; undefined when it is not served. */
  servedVersion(kind: Kind): Promise<string | undefined>;
  find<T extends KubeObject>(
    kind: Kind<T>,
    ref: ObjectRef,
    options?: Pick<ListOptions, "metadataOnly">,
  ): Promise<T | undefined>;
  /** Pages in the order of the source; the next page is fetched while one is worked on. */
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): AsyncIterable<T[]>;
}

export interface ApplyOptions {
  fieldManager: string;
  /** take over fields that other managers own */
  force?: boolean;
  dryRun?: boolean;
}

export interface ReadOptions {
  /** ask once only, where a failure is an answer, too */
  once?: boolean;
  /** media types, where plain JSON is not all that one can get */
  accept?: string | undefined;
}

export interface WriteOptions {
  /** who owns the fields from then on; "flamingo" when not given */
  fieldManager?: string | undefined;
  dryRun?: boolean | undefined;
  /** a part of the object that has an address of its own: "status" */
  subresource?: string | undefined;
}

export interface PatchOptions extends WriteOptions {
  fieldManager: string;
  /** of the object as it was read: when it has another one by now, nothing is written, see `isConflict()` */
  resourceVersion?: string | undefined;
}

/** As much of an object as changes; null removes a field, a list replaces a list (RFC 7396). */
export type MergePatch = Readonly<Record<string, unknown>>;

export interface DeleteOptions {
  /** what becomes of the objects that it owns; what the kind has as its default when not given */
  propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  /** only while it is this very object, see `isConflict()` */
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined } | undefined;
  dryRun?: boolean | undefined;
}

export interface WatchOptions extends ListOptions {
  /** ends the watch, besides the signal of the command */
  signal?: AbortSignal | undefined;
}

/** What a watch tells. `key` is as of `namespacedName()`: "flux-system/podinfo". */
export type WatchEvent<T extends KubeObject> =
  /** there is such an object, new or changed; or it was listed again */
  | { type: "set"; key: string; object: T }
  /** it was deleted, or fits the selector no more: a complete list lacks it, or the API server said so */
  | { type: "gone"; key: string }
  /** the list is complete: whatever was not told is not there */
  | { type: "synced" }
  /** from now on changes may go unheard, and what was told be out of date */
  | { type: "unavailable"; error: UserError }
  /** it goes on; what happened meanwhile has been told or follows */
  | { type: "available" };

/** A live cluster. */
export interface Kube extends Reader {
  /** The API server's address without credentials, such as "https://127.0.0.1:6443". */
  readonly server: string;
  /** How it was chosen, in words: "context kind-dev (~/.kube/config)". */
  readonly context: string;
  /**
   * The JSON at a path of the API server that belongs to no kind ("/version", a schema, a Service's own answer through the
   * proxy); undefined when nothing is there (404).
   *
   * @param doing what fails when it fails, after "Cannot": "read the version of the API server"
   */
  read(path: string, doing: string, options?: ReadOptions): Promise<unknown>;
  /** Every version in which this kind is served, newest first; none when it is not served. */
  servedVersions(kind: Kind): Promise<readonly string[]>;
  /**
   * Server-side apply of one object of this kind: the object as the API server then holds it.
   *
   * @throws UserError for a conflict (names each field and its manager), missing rights, a refused object
   */
  apply<T extends KubeObject>(kind: Kind<T>, object: T, options: ApplyOptions): Promise<T>;
  /**
   * Creates one object, or asks one question of the kind that the API server answers on creation (a
   * SelfSubjectAccessReview): the object as it comes back. Never asked twice, since the first try may have counted.
   */
  create<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>;
  /**
   * Changes some fields of one object, or of its subresource: the object as the API server then holds it. Never sent twice:
   * what somebody else wrote after the first time would be lost.
   *
   * @throws UserError when it is missing (`isMissing`; so does the API server call a subresource that a custom kind lacks), or
   * is not of `resourceVersion` any more (`isConflict`)
   */
  mergePatch<T extends KubeObject>(
    kind: Kind<T>,
    ref: ObjectRef,
    patch: MergePatch,
    options: PatchOptions,
  ): Promise<T>;
  /**
   * Writes a whole object in place of the one with the same `resourceVersion`, as for a Lease that one of several gets.
   *
   * @throws UserError when somebody else was faster (`isConflict`), or it is missing (`isMissing`)
   */
  replace<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>;
  /**
   * True when the object was there: it is deleted now, or as soon as its finalizers are gone. False when it was not.
   *
   * @throws UserError when `preconditions` do not hold any more (`isConflict`)
   */
  delete(kind: Kind, ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  /**
   * All objects of a kind as they are and become, for as long as one listens. Ends quietly when a signal is aborted.
   * A connection that breaks off is made again without a word. An API server that cannot be reached, lost rights and a CRD that is
   * gone are told as "unavailable" and tried again, in the end about once a minute. A CRD that comes back is read in the
   * newest version then served. What the listener has not taken yet is not read: who is slow costs no memory.
   *
   * A new object in the place of one of the same name may be told as "set" alone: it has another `uid`.
   *
   * @throws UserError for a label selector that is wrong
   */
  watch<T extends KubeObject>(kind: Kind<T>, options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /**
   * The last lines that a container has written, of its last run where it does not run.
   *
   * @throws UserError for a pod that is gone (`isMissing`), missing rights, a container that never ran
   */
  readLog(pod: PodRef, container: string, lines: number): Promise<string>;
  /**
   * A connection to a TCP port of a pod, through the API server. To end the writing half tells the pod nothing, what it still sends
   * can be read; whoever needs it no longer destroys it. It fails with a UserError when nothing listens there.
   *
   * @throws UserError for a pod that is gone (`isMissing`), missing rights, a node that cannot be reached
   */
  openPort(pod: PodRef, port: number): Promise<Duplex>;
}

export interface PodRef {
  name: string;
  namespace: string;
}
