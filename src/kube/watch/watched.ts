import type { JsonClient } from "../http.js";
import type { ListOptions } from "../kube.js";
import type { Kind, KubeObject } from "../object.js";

/** What the parts of a watch hand to each other. Types only. */

/** A cluster, as far as the watch of one kind needs it. */
export interface WatchedCluster {
  client: JsonClient;
  /** of the command */
  signal: AbortSignal;
  /** after the first failure, doubled with each one; 300 ms when not given */
  firstWaitMs?: number | undefined;
  /** a connection on which nothing came for so long counts as dead; three minutes when not given */
  silenceMs?: number | undefined;
  /** the version to read; undefined when the kind is not served */
  versionOf(): Promise<string | undefined>;
  /** what is known of versions counts no longer, unless it was learned in the last so many milliseconds */
  forget(olderThanMs: number): void;
  /** a failure as a UserError; what is a bug of ours as it is */
  explain(verb: "list" | "watch", failure: unknown): unknown;
}

/** One watch. */
export interface Watched<T extends KubeObject> {
  cluster: WatchedCluster;
  kind: Kind<T>;
  wanted: ListOptions;
  /** ends it */
  signal: AbortSignal;
  /** when, by `performance.now()` */
  beganAt: number;
  /** keys of what was told as "set" last */
  known: Set<string>;
}

/** Where to go on. */
export interface Place {
  version: string;
  resourceVersion: string;
}
