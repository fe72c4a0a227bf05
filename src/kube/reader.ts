import type { Kind, KubeObject, ObjectRef } from "./object.js";

export interface ListOptions {
  /** all namespaces when not given */
  namespace?: string | undefined;
  /** `-l`: a label selector as kubectl takes it */
  labels?: string | undefined;
  /** only objects of this name (in whatever namespace) */
  name?: string | undefined;
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
  find<T extends KubeObject>(kind: Kind<T>, ref: ObjectRef): Promise<T | undefined>;
  /** Pages in the order of the source; the next page is fetched while one is worked on. */
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): AsyncIterable<T[]>;
}

export type ApplyOutcome = "created" | "configured" | "unchanged";

export interface ApplyOptions {
  fieldManager: string;
  /** take over fields that other managers own */
  force?: boolean;
  dryRun?: boolean;
}

export interface ReadOptions {
  /** ask once only, where a failure is an answer, too */
  once?: boolean;
}

/** A live cluster. */
export interface Kube extends Reader {
  /** The API server's address without credentials, such as "https://127.0.0.1:6443". */
  readonly server: string;
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
  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
}
