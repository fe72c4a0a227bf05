import type { Duplex } from "node:stream";
import type { Login } from "./login.js";

/** Redis as it is reached from here. */
export interface RedisAccess {
  /** for sentences: "argocd-redis.argocd" */
  target: string;
  db: number;
  login: Login;
  sentinelLogin?: Login;
  /** where the password stands: "the Secret argocd-redis (key auth) in argocd"; undefined when there is none */
  passwordFrom: string | undefined;
  /** what of TLS Argo CD has and cannot be read: "the authority (key ca.crt of the Secret redis-tls)" */
  unreadable: readonly string[];
  /** of values, as long as the application-controller has written none */
  compression: "gzip" | "none";
  /** see `CacheForm` */
  keyPrefix: string;
  treeShardSize: number;
  /** a new stream to where the data is */
  connect(): Promise<Duplex>;
}
