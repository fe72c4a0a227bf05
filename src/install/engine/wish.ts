import type { SettingsObjects } from "../../loopback/rights.js";

/** How the engine is to run in a cluster. */
export interface EngineWish {
  /** where Argo CD runs, and the engine beside it */
  namespace: string;
  /** of flamingo: "ghcr.io/flux-subsystem-argo/flamingo:v1.2.3" */
  image: string;
  pullSecret?: string | undefined;
  /** it creates Applications for all workloads, in which AppProjects; undefined: it creates none */
  auto: { project?: string | undefined; projectTemplate?: string | undefined } | undefined;
  /** two replicas of each shard, of which one waits */
  ha: boolean;
  /** how many share the Applications, with a Deployment each */
  shards: number;
  /** it may delete Flux objects, of Applications with `flamingo/cascade: flux` */
  cascade: boolean;
  /** Flux is older than 2.8: it reads the Secrets of Helm's storage */
  helmStorage: boolean;
  /** namespaces beside Argo CD's own where Applications may live, or patterns of them (`application.namespaces`) */
  appNamespaces: readonly string[];
  serviceMonitor: boolean;
  /** ValidatingAdmissionPolicies are served (Kubernetes 1.30 and newer) */
  admissionPolicy: boolean;
  /** the Pods behind Argo CD's redis, and their ports, where NetworkPolicies keep others away: see `redisPolicyFor()` */
  redis: RedisPods | undefined;
  /** where this Argo CD keeps its settings elsewhere than its own manifests do */
  settings?: SettingsObjects | undefined;
}

export interface RedisPods {
  labels: Readonly<Record<string, string>>;
  ports: readonly number[];
}
