import type { Authority } from "./certificates.js";

/** How to reach a running test cluster. Plain data: that of the end-to-end rig goes from vitest's main process to its worker. */
export interface ClusterConnection {
  /** "https://127.0.0.1:PORT" */
  server: string;
  /** Signed the server's certificate, and is who the server trusts to sign its users'. */
  authority: Authority;
  /** Tokens by user name. `admin` may do everything; the others start without any right. */
  tokens: Record<"admin" | PlainUser, string>;
  /** A folder of the cluster's own for kubeconfigs and the like, gone after the run. */
  folder: string;
}

/** Users of a token who may do nothing until a test grants it, see `TestCluster.grant()`. */
export const plainUsers = ["alice", "bob", "carol"] as const;
export type PlainUser = (typeof plainUsers)[number];

declare module "vitest" {
  interface ProvidedContext {
    /** why the programs of the test cluster are not to be had; empty when they are */
    noCluster: string;
  }
}
